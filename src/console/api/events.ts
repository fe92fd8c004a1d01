/** Takes a `text/event-stream` apart. What comes in two pieces is put together. */
export class EventParser {
  #rest = ''

  /** The events that are complete with this piece: their names and what they say. */
  push(piece: string): { readonly name: string; readonly data: string }[] {
    const blocks = (this.#rest + piece).split('\n\n')
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
