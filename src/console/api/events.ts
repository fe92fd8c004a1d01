/** Parses a `text/event-stream`. A chunk may end in the middle of an event. */
export class EventParser {
  #rest = ''

  /** Returns the names and data of the events that this chunk completes. */
  push(chunk: string): { readonly name: string; readonly data: string }[] {
    const blocks = (this.#rest + chunk).split('\n\n')
    this.#rest = blocks.pop() ?? ''
    return blocks.flatMap((block) => {
      let name = 'message'
      let data: string | undefined
      for (const line of block.split('\n')) {
        if (line.startsWith('event: ')) name = line.slice('event: '.length)
        else if (line.startsWith('data: ')) data = line.slice('data: '.length)
      }
      return data === undefined ? [] : [{ name, data }]
    })
  }
}
