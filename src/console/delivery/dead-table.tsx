import { useState } from 'preact/hooks'
import type { DeadEntry } from '../api/answers.ts'
import { count, moment } from '../format.ts'
import { FieldsLine, FieldsTable } from '../parts/fields.tsx'

interface TableProps {
  readonly page: readonly DeadEntry[]
  readonly selected: ReadonlySet<string>
  onSelect(selected: ReadonlySet<string>): void
}

/** A page of dead entries. */
export function DeadTable({ page, selected, onSelect }: TableProps) {
  const [open, setOpen] = useState<string | null>(null)
  const isAll = page.every(({ id }) => selected.has(id))
  const toggle = (id: string) => {
    const next = new Set(selected)
    if (!next.delete(id)) next.add(id)
    onSelect(next)
  }
  return (
    <div class="scroll">
      <table class="dead stacks">
        <thead>
          <tr>
            <th scope="col" class="of-check">
              <input
                type="checkbox"
                aria-label="Select all dead entries on this page"
                checked={isAll}
                onChange={() => onSelect(new Set(isAll ? [] : page.map(({ id }) => id)))}
              />
            </th>
            <th scope="col">Id</th>
            <th scope="col">Fields</th>
            <th scope="col">Reason</th>
            <th scope="col" class="number">
              Deliveries
            </th>
            <th scope="col">Last consumer</th>
            <th scope="col">Died</th>
          </tr>
        </thead>
        <tbody>
          {page.map((entry) => (
            <Row
              key={entry.id}
              entry={entry}
              isOpen={open === entry.id}
              isSelected={selected.has(entry.id)}
              onOpen={() => setOpen(open === entry.id ? null : entry.id)}
              onSelect={() => toggle(entry.id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps {
  readonly entry: DeadEntry
  readonly isOpen: boolean
  readonly isSelected: boolean
  onOpen(): void
  onSelect(): void
}

function Row({ entry, isOpen, isSelected, onOpen, onSelect }: RowProps) {
  const { id, deliveries, consumer, reason, deadAt } = entry
  return (
    <tr data-selected={isSelected} class={isOpen ? 'is-open' : undefined}>
      <td class="of-check">
        <input type="checkbox" aria-label={`Select ${id}`} checked={isSelected} onChange={onSelect} />
      </td>
      <td class="of-id">
        <button type="button" class="link" aria-expanded={isOpen} onClick={onOpen}>
          {id}
        </button>
      </td>
      <td class="of-fields" data-label="Fields">
        <Fields entry={entry} isOpen={isOpen} />
      </td>
      <td class="of-reason" data-label="Reason">
        {reason ?? <span class="soft">none</span>}
      </td>
      <td class="number" data-label="Deliveries">
        {count(deliveries)}
      </td>
      <td class="of-name" data-label="Last consumer">
        {consumer ?? <i class="soft">nobody</i>}
      </td>
      <td class="of-time" data-label="Died">
        {moment(deadAt)}
      </td>
    </tr>
  )
}

function Fields({ entry, isOpen }: { entry: DeadEntry; isOpen: boolean }) {
  const { fields } = entry
  if (fields === null) return <span class="soft">No longer in the stream.</span>
  return isOpen ? <FieldsTable entry={{ ...entry, fields }} /> : <FieldsLine entry={{ ...entry, fields }} />
}
