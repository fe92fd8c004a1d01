import { describe, expect, it } from 'vitest'
import { Account, type Kind, Payer } from '../../../src/http/limits/account.ts'

/** An account of 1,000 bytes with the share given, and what waits for the disk in it. */
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

describe('the room', () => {
  it('keeps an eighth for small bodies and answers', () => {
    const { account, ann, bob, codeOf } = accountOf()
    account.hold(ann, 'large', 800)
    expect(codeOf(bob, 'large', 75)).toBeUndefined()
    expect(codeOf(bob, 'large', 76)).toBe('overloaded')
    account.hold(bob, 'large', 75)
    expect(codeOf(bob, 'small', 125)).toBeUndefined()
    expect(codeOf(bob, 'small', 126)).toBe('overloaded')
  })

  it('keeps it also when a large one that is alone takes more than there is', () => {
    const { account, ann, bob, codeOf } = accountOf()
    expect(codeOf(ann, 'large', 5000)).toBeUndefined()
    account.hold(ann, 'large', 5000)
    expect(codeOf(bob, 'large', 1)).toBe('overloaded')
    expect(codeOf(bob, 'small', 125)).toBeUndefined()
    account.hold(bob, 'small', 125)
    expect(codeOf(bob, 'small', 1)).toBe('overloaded')
    expect(account.bytes).toBe(5125)
  })

  it('keeps as much once more for what relieves the server, and for nothing else', () => {
    const { account, ann, bob, codeOf } = accountOf()
    account.hold(ann, 'large', 875)
    account.hold(ann, 'small', 125)
    expect(codeOf(bob, 'small', 1)).toBe('overloaded')
    expect(codeOf(bob, 'relief', 125)).toBeUndefined()
    expect(codeOf(bob, 'relief', 126)).toBe('overloaded')
  })

  it('includes what waits for the disk', () => {
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

describe('a share', () => {
  it('is the most that one payer can take, and others have the rest', () => {
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

  it('lets one in that is larger, if there is room', () => {
    const { account, ann, codeOf } = accountOf(500)
    expect(codeOf(ann, 'large', 800)).toBeUndefined()
    account.hold(ann, 'large', 800)
    expect(codeOf(ann, 'large', 1)).toBe('too-many-bytes')
    expect(codeOf(ann, 'small', 62)).toBeUndefined()
    expect(codeOf(ann, 'small', 63)).toBe('too-many-bytes')
  })
})

describe('whoever waits for room', () => {
  it('is told once bytes are released', () => {
    const { account, ann, bob, rooms } = accountOf()
    account.hold(ann, 'large', 875)
    expect(account.hasRoom(bob, 'large', 1)).toBe(false)
    account.hold(ann, 'large', -1)
    expect(rooms()).toBe(1)
    expect(account.hasRoom(bob, 'large', 1)).toBe(true)
    account.hold(ann, 'large', -1)
    expect(rooms()).toBe(1)
  })

  it('is told of its share when bytes of its own are released', () => {
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
