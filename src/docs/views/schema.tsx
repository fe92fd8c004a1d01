import { useState } from 'preact/hooks'
import type { OpenApi, Schema } from '../openapi/document.ts'
import { limitsOf, membersOf, shapeOf, typeText } from '../openapi/schemas.ts'
import { Line, Text } from '../parts/text.tsx'

/** A schema: what it is, and its members. */
export function SchemaView({ schema, document }: { schema: Schema; document: OpenApi }) {
  const { schema: found } = shapeOf(document, schema)
  const members = membersOf(document, schema)
  return (
    <div class="schema">
      <p class="type-line">
        <code>{typeText(document, schema)}</code>{' '}
        <span class="soft">{found.description !== undefined && <Line text={found.description} />}</span>
      </p>
      {members.length > 0 && <MemberList schema={schema} document={document} depth={0} />}
    </div>
  )
}

interface ListProps {
  readonly schema: Schema
  readonly document: OpenApi
  readonly depth: number
}

function MemberList({ schema, document, depth }: ListProps) {
  return (
    <dl class="members">
      {membersOf(document, schema).map((member) => (
        <MemberRow key={member.name} {...member} document={document} depth={depth} />
      ))}
    </dl>
  )
}

interface RowProps {
  readonly name: string
  readonly isRequired: boolean
  readonly schema: Schema
  readonly document: OpenApi
  readonly depth: number
}

/** A member of an object or a parameter. Its own members are shown when the user opens them: schemas may be recursive. */
export function MemberRow({ name, isRequired, schema, document, depth }: RowProps) {
  const [isOpen, setOpen] = useState(false)
  const shape = shapeOf(document, schema)
  const members = membersOf(document, schema)
  const { description = '' } = shape.schema
  const limits = limitsOf(shape).filter((limit) => !description.includes(limit))
  return (
    <div class="member">
      <dt>
        <code>{name}</code> <span class="type">{typeText(document, schema)}</span>
        {isRequired && <span class="required">required</span>}
      </dt>
      <dd>
        {description !== '' && <Text text={description} />}
        {limits.length > 0 && <p class="limits">{limits.join(' · ')}</p>}
        {members.length > 0 && (
          <details onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary>
              {members.length === 1 ? '1 member' : `${members.length} members`}
              <span class="unseen"> of {name}</span>
            </summary>
            {isOpen && <MemberList schema={schema} document={document} depth={depth + 1} />}
          </details>
        )}
      </dd>
    </div>
  )
}
