import { describe, expect, it } from 'vitest'
import { filesIn, read as readDocument } from './support/documents.ts'

const DIRECTORY = 'docs/adr'
const FILES = filesIn(DIRECTORY)
  .map((file) => file.slice(DIRECTORY.length + 1))
  .filter((name) => name !== 'README.md')

const TEXTS = new Map(FILES.map((name) => [name, read(name)]))

describe('the decision records', () => {
  it('are numbered without a gap, in the order of their dates', () => {
    expect(FILES.map((name) => Number(name.slice(0, 4)))).toEqual(FILES.map((_, index) => index + 1))
    const dates = FILES.map((name) => member(name, 'Date'))
    expect(dates).toEqual([...dates].sort())
  })

  it.each(FILES)('have a title, a date, a status, commits and sections: %s', (name) => {
    const text = read(name)
    expect(text).toMatch(new RegExp(`^# ${Number(name.slice(0, 4))}\\. .+\n`))
    expect(member(name, 'Date')).toMatch(/^2\d{3}-\d\d-\d\d$/)
    expect(member(name, 'Status')).toMatch(/^(accepted|superseded by )/)
    expect(member(name, 'Commits')).toMatch(/^`[0-9a-f]{7}`(, `[0-9a-f]{7}`)*$/)
    const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)
    expect(sections.slice(0, 3)).toEqual(['Context', 'Decision', 'Consequences'])
  })

  it('are listed in the table with title, date and status', () => {
    const rows = [
      ...read('README.md').matchAll(/^\| +(\d+) +\| \[(.*)\]\((\d.*?)\) +\| (\S+) +\| (.*?) +\|$/gm)
    ]
    const listed = rows.map(([, number, title, name, date, status]) => ({
      number,
      title,
      name,
      date,
      status
    }))
    const expected = FILES.map((name) => {
      const [, number, title] = /^# (\d+)\. (.+)$/m.exec(read(name)) ?? []
      return { number, title, name, date: member(name, 'Date'), status: member(name, 'Status') }
    })
    expect(listed).toEqual(expected)
  })

  it('link to the record that supersedes them, which links back', () => {
    const links = FILES.flatMap((name) =>
      [...(member(name, 'Status') ?? '').matchAll(/(superseded by|supersedes) \[ADR \d+\]\((.*?)\)/g)].map(
        ([, how, other]) => (how === 'supersedes' ? `${other} by ${name}` : `${name} by ${other}`)
      )
    )
    expect(links.length).toBeGreaterThan(1)
    for (const link of links) expect(links.filter((each) => each === link)).toHaveLength(2)
  })
})

function read(name: string): string {
  return readDocument(`${DIRECTORY}/${name}`)
}

function member(name: string, title: string): string | undefined {
  return new RegExp(`^- ${title}: (.*)$`, 'm').exec(TEXTS.get(name) ?? '')?.[1]
}
