import { describe, expect, it } from 'vitest'
import { parsePlace, shownUrl, withHost } from '../../../src/redis/address.ts'

describe('parsePlace', () => {
  it('takes one address for a server', () => {
    const url = 'rediss://ann:secret@redis.example:6380/2'
    expect(parsePlace(url)).toEqual({ kind: 'server', url })
  })

  it('takes several for nodes of a cluster', () => {
    expect(parsePlace('redis://10.0.0.1, redis://10.0.0.2:7000')).toEqual({
      kind: 'cluster',
      urls: ['redis://10.0.0.1', 'redis://10.0.0.2:7000']
    })
  })

  it('takes one for a cluster when told so', () => {
    expect(parsePlace('redis://10.0.0.1:7000?cluster')).toEqual({
      kind: 'cluster',
      urls: ['redis://10.0.0.1:7000']
    })
  })

  it('takes the addresses of sentinels with the name of a master', () => {
    expect(parsePlace('redis-sentinel://ann:secret@10.0.0.1:26379,10.0.0.2:26379/orders/3')).toEqual({
      kind: 'sentinel',
      sentinels: ['redis://10.0.0.1:26379', 'redis://10.0.0.2:26379'],
      master: 'orders',
      url: 'redis://ann:secret@master/3'
    })
  })

  it.each([
    '',
    'redis://',
    'http://10.0.0.1',
    'redis://10.0.0.1,',
    'redis-sentinel://10.0.0.1:26379',
    '10.0.0.1'
  ])('takes %j for none', (text) => expect(parsePlace(text)).toBeUndefined())
})

describe('withHost', () => {
  it('keeps the login and the database', () => {
    expect(withHost('redis://ann:secret@master/3', '10.0.0.7', '6381')).toBe(
      'redis://ann:secret@10.0.0.7:6381/3'
    )
    expect(withHost('redis://master', '::1', '6381')).toBe('redis://[::1]:6381')
  })
})

describe('shownUrl', () => {
  it('leaves out the login', () => {
    expect(shownUrl('redis://ann:secret@10.0.0.1:6379/')).toBe('redis://10.0.0.1:6379')
  })
})
