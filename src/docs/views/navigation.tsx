import { useEffect, useRef, useState } from 'preact/hooks'
import type { Operation, Tag } from '../openapi/operations.ts'
import { Method } from '../parts/method.tsx'
import { addressOf, type Route } from '../routes.ts'

interface NavigationProps {
  readonly tags: readonly Tag[]
  readonly route: Route
  onChoose(): void
}

/** All operations by tag, with a filter. */
export function Navigation({ tags, route, onChoose }: NavigationProps) {
  const [filter, setFilter] = useState('')
  const list = useRef<HTMLElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [route])
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const found = tags
    .map((tag) => ({ ...tag, operations: tag.operations.filter((operation) => matches(operation, words)) }))
    .filter(({ operations }) => operations.length > 0)
  const count = found.reduce((sum, { operations }) => sum + operations.length, 0)
  const isCurrent = (id: string) => route.view === 'operation' && route.id === id
  return (
    <nav aria-label="Operations" ref={list}>
      <input
        type="search"
        aria-label="Filter operations"
        placeholder="Filter operations"
        value={filter}
        onInput={(event) => setFilter(event.currentTarget.value)}
      />
      <p class="unseen" role="status">
        {words.length > 0 && `${count} operations match`}
      </p>
      {words.length === 0 && (
        <ul>
          <NavLink
            to={{ view: 'overview' }}
            text="Overview"
            isCurrent={route.view === 'overview'}
            onChoose={onChoose}
          />
          <NavLink
            to={{ view: 'problems' }}
            text="Problem codes"
            isCurrent={route.view === 'problems'}
            onChoose={onChoose}
          />
        </ul>
      )}
      {found.map(({ name, operations }) => (
        <section key={name} aria-labelledby={`tag-${name}`}>
          <h2 id={`tag-${name}`}>{name}</h2>
          <ul>
            {operations.map(({ id, method }) => (
              <NavLink
                key={id}
                to={{ view: 'operation', id }}
                text={id}
                method={method}
                isCurrent={isCurrent(id)}
                onChoose={onChoose}
              />
            ))}
          </ul>
        </section>
      ))}
      {count === 0 && <p class="soft">No operation matches.</p>}
    </nav>
  )
}

interface LinkProps {
  readonly to: Route
  readonly text: string
  readonly method?: string
  readonly isCurrent: boolean
  onChoose(): void
}

function NavLink({ to, text, method, isCurrent, onChoose }: LinkProps) {
  return (
    <li>
      <a href={addressOf(to)} aria-current={isCurrent ? 'page' : undefined} onClick={onChoose}>
        <span>{text}</span>
        {method !== undefined && <Method method={method} />}
      </a>
    </li>
  )
}

/** Whether all words occur in what the operation is called. */
function matches({ id, method, path, summary, tag }: Operation, words: readonly string[]): boolean {
  const text = `${id} ${method} ${path} ${summary} ${tag}`.toLowerCase()
  return words.every((word) => text.includes(word))
}
