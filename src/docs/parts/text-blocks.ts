/** A part of a line of a description. */
export type Span =
  | { readonly kind: 'text' | 'code' | 'strong'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }

/** A part of a description. */
export type Block =
  | { readonly kind: 'paragraph'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Span[])[] }

/** Parses the part of Markdown that descriptions use: paragraphs, lists, code, bold text and links. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = []
  for (const part of text.split(/\n\s*\n/)) {
    // A line that begins no item continues the paragraph or the item before it.
    const [first = '', ...rest] = `\n${part.trim()}`.split('\n- ')
    const paragraph = first.trim()
    if (paragraph !== '') blocks.push({ kind: 'paragraph', spans: spansOf(paragraph) })
    if (rest.length > 0) blocks.push({ kind: 'list', items: rest.map((item) => spansOf(item.trim())) })
  }
  return blocks
}

const SPAN = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\((https?:[^)\s]+)\)|(https?:\/\/[^\s)]*[^\s).,;])/g

/** Parses one paragraph. */
export function spansOf(text: string): Span[] {
  const spans: Span[] = []
  let end = 0
  for (const match of text.matchAll(SPAN)) {
    if (match.index > end) spans.push({ kind: 'text', text: text.slice(end, match.index) })
    end = match.index + match[0].length
    const [, code, strong, label, target, url] = match
    if (code !== undefined) spans.push({ kind: 'code', text: code })
    else if (strong !== undefined) spans.push({ kind: 'strong', text: strong })
    else spans.push({ kind: 'link', text: label ?? url ?? '', url: target ?? url ?? '' })
  }
  if (end < text.length) spans.push({ kind: 'text', text: text.slice(end) })
  return spans
}
