import { blocksOf, type Span, spansOf } from './text-blocks.ts'

/** A description, as paragraphs and lists. */
export function Text({ text }: { text: string }) {
  return (
    <div class="text">
      {blocksOf(text).map((block, index) =>
        block.kind === 'list' ? (
          <ul key={index}>
            {block.items.map((item, number) => (
              <li key={number}>
                <Spans spans={item} />
              </li>
            ))}
          </ul>
        ) : (
          <p key={index}>
            <Spans spans={block.spans} />
          </p>
        )
      )}
    </div>
  )
}

/** A description on one line. */
export function Line({ text }: { text: string }) {
  return <Spans spans={spansOf(text)} />
}

function Spans({ spans }: { spans: readonly Span[] }) {
  return (
    <>
      {spans.map((span, index) => {
        if (span.kind === 'code') return <code key={index}>{span.text}</code>
        if (span.kind === 'strong') return <b key={index}>{span.text}</b>
        if (span.kind !== 'link') return span.text
        return (
          <a key={index} href={span.url} rel="noreferrer">
            {span.text}
          </a>
        )
      })}
    </>
  )
}
