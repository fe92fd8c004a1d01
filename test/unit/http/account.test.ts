import { describe, expect, it } from 'vitest'
import { Account, type Kind, Payer } from '../../../src/http/limits/account.ts'

/** An account of 1,000 bytes with this share. `disk.unkeptBytes` is the number of bytes that wait for the disk. */
function accountOf(shareBytes = 1000) {
  const disk = { unkeptBytes: 0 }
  let rooms = 0
  const account = new Account({
    roomBytes: 1000,
    shareBytes,
    unkeptBytes: () => disk.unkeptBytes,
    onRoom: () => {
      rooms++
    }
  })
  const ann = new Payer()
  const bob = new Payer()
  const codeOf = (payer: Payer, kind: Kind, bytes: number) => account.refusal(payer, kind, bytes)?.code
  return { account, disk, ann, bob, codeOf, rooms: () => rooms }
}

describe('the room of an account', () => {
  it('includes an eighth that is reserved for small bodies and answers', () => {
    const { account, ann, bob, codeOf } = accountOf()
    account.hold(ann, 'large', 800)
    expect(codeOf(bob, 'large', 75)).toBeUndefined()
    expect(codeOf(bob, 'large', 76)).toBe('overloaded')
    account.hold(bob, 'large', 75)
    expect(codeOf(bob, 'small', 125)).toBeUndefined()
    expect(codeOf(bob, 'small', 126)).toBe('overloaded')
  })

  it('includes that eighth even after a single large body exceeded all of it', () => {
    const { account, ann, bob, codeOf } = accountOf()
    expect(codeOf(ann, 'large', 5000)).toBeUndefined()
    account.hold(ann, 'large', 5000)
    expect(codeOf(bob, 'large', 1)).toBe('overloaded')
    expect(codeOf(bob, 'small', 125)).toBeUndefined()
    account.hold(bob, 'small', 125)
    expect(codeOf(bob, 'small', 1)).toBe('overloaded')
    expect(account.bytes).toBe(5125)
  })

  it('includes another eighth only for requests that relieve the server', () => {
    const { account, ann, bob, codeOf } = accountOf()
    account.hold(ann, 'large', 875)
    account.hold(ann, 'small', 125)
    expect(codeOf(bob, 'small', 1)).toBe('overloaded')
    expect(codeOf(bob, 'relief', 125)).toBeUndefined()
    expect(codeOf(bob, 'relief', 126)).toBe('overloaded')
  })

  it('is also used by bytes that wait for the disk', () => {
    const { account, disk, ann, codeOf } = accountOf()
    disk.unkeptBytes = 1000
    expect(account.bytes).toBe(1000)
    expect(codeOf(ann, 'small', 1)).toBe('overloaded')
    expect(codeOf(ann, 'large', 100)).toBe('overloaded')
    expect(codeOf(ann, 'relief', 1)).toBeUndefined()
    disk.unkeptBytes = 125
    expect(codeOf(ann, 'large', 5000)).toBeUndefined()
  })
})

describe('the share of a payer', () => {
  it('limits one payer and leaves the rest to others', () => {
    const { account, ann, bob, codeOf } = accountOf(500)
    account.hold(ann, 'large', 400)
    expect(codeOf(ann, 'large', 50)).toBe('too-many-bytes')
    expect(codeOf(bob, 'large', 400)).toBeUndefined()
    expect(codeOf(ann, 'small', 100)).toBeUndefined()
    account.hold(ann, 'small', 100)
    expect(codeOf(ann, 'small', 1)).toBe('too-many-bytes')
    expect(codeOf(ann, 'relief', 62)).toBeUndefined()
    expect(codeOf(bob, 'small', 1)).toBeUndefined()
  })

  it('may be exceeded by a single request if there is room', () => {
    const { account, ann, codeOf } = accountOf(500)
    expect(codeOf(ann, 'large', 800)).toBeUndefined()
    account.hold(ann, 'large', 800)
    expect(codeOf(ann, 'large', 1)).toBe('too-many-bytes')
    expect(codeOf(ann, 'small', 62)).toBeUndefined()
    expect(codeOf(ann, 'small', 63)).toBe('too-many-bytes')
  })
})

describe('a payer that waits for room', () => {
  it('is notified once when bytes are released', () => {
    const { account, ann, bob, rooms } = accountOf()
    account.hold(ann, 'large', 875)
    expect(account.hasRoom(bob, 'large', 1)).toBe(false)
    account.hold(ann, 'large', -1)
    expect(rooms()).toBe(1)
    expect(account.hasRoom(bob, 'large', 1)).toBe(true)
    account.hold(ann, 'large', -1)
    expect(rooms()).toBe(1)
  })

  it('is notified of room in its share only when its own bytes are released', () => {
    const { account, ann, bob, rooms } = accountOf(400)
    account.hold(ann, 'large', 300)
    expect(account.hasRoom(ann, 'large', 100)).toBe(false)
    expect(account.hasRoom(bob, 'large', 100)).toBe(true)
    account.hold(bob, 'small', 10)
    account.hold(bob, 'small', -10)
    expect(rooms()).toBe(0)
    account.hold(ann, 'large', -300)
    expect(rooms()).toBe(1)
    expect(account.hasRoom(ann, 'large', 100)).toBe(true)
  })
})
