/** The method of an operation, in its colour. */
export function Method({ method }: { method: string }) {
  return (
    <span class="method" data-method={method}>
      {method}
    </span>
  )
}

/** The path of an operation. Its parameters stand out, and long paths break after slashes. */
export function Path({ path }: { path: string }) {
  return (
    <code class="path">
      {path.split(/(?<=\/)/).map((part, index) => (
        <span key={index}>
          {part.startsWith('{') ? <i>{part.replace('/', '')}</i> : part.replace('/', '')}
          {part.endsWith('/') && '/'}
          <wbr />
        </span>
      ))}
    </code>
  )
}
