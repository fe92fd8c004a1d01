import { describe, expect, it } from 'vitest'
import { AddressError, parseAddress, shownUrl, withHost } from '../../../src/redis/connection/address.ts'

describe('parseAddress', () => {
  it('parses one address as a server', () => {
    const url = 'rediss://ann:secret@redis.example:6380/2'
    expect(parseAddress(url)).toEqual({ kind: 'server', url })
  })

  it('parses several addresses as the nodes of a cluster', () => {
    expect(parseAddress('redis://10.0.0.1, redis://10.0.0.2:7000')).toEqual({
      kind: 'cluster',
      urls: ['redis://10.0.0.1', 'redis://10.0.0.2:7000']
    })
  })

  it('parses one address with ?cluster as a cluster', () => {
    expect(parseAddress('redis://10.0.0.1:7000?cluster')).toEqual({
      kind: 'cluster',
      urls: ['redis://10.0.0.1:7000']
    })
  })

  it('parses the addresses of sentinels with the name of a master', () => {
    expect(parseAddress('redis-sentinel://ann:secret@10.0.0.1:26379,10.0.0.2:26379/orders/3')).toEqual({
      kind: 'sentinel',
      sentinels: ['redis://10.0.0.1:26379', 'redis://10.0.0.2:26379'],
      master: 'orders',
      url: 'redis://ann:secret@master/3'
    })
  })

  it.each([
    ['redis://10.0.0.1', 'redis://10.0.0.1'],
    ['redis://10.0.0.1/', 'redis://10.0.0.1/'],
    ['redis://[::1]:6379/15', 'redis://[::1]:6379/15'],
    ['redis://:s%40cret@redis_1.example', 'redis://:s%40cret@redis_1.example']
  ])('accepts %s unchanged', (text, url) => {
    expect(parseAddress(text)).toEqual({ kind: 'server', url })
  })

  it('decodes a percent-encoded master name', () => {
    expect(parseAddress('rediss-sentinel://10.0.0.1:26379/my%20master')).toEqual({
      kind: 'sentinel',
      sentinels: ['rediss://10.0.0.1:26379'],
      master: 'my master',
      url: 'rediss://master'
    })
  })

  it.each([
    ['redis://10.0.0.1?db=2', 'has the parameter "db": write the database as a path, "redis://host:6379/2"'],
    ['redis://10.0.0.1/?DATABASE=2', 'has the parameter "DATABASE": write the database as a path'],
    [
      'redis://10.0.0.1?timeout=5',
      'has the parameter "timeout", which is unknown: only "?cluster" is supported'
    ],
    ['redis://10.0.0.1?cluster&protocol=3', 'has the parameter "protocol", which is unknown'],
    [
      'redis://10.0.0.1?cluster=true',
      'has the parameter "cluster" with a value: write "?cluster" without one'
    ],
    ['redis://10.0.0.1/notanumber', 'has a path that is not a database number'],
    ['redis://10.0.0.1/-1', 'has a path that is not a database number'],
    ['redis://10.0.0.1/1.5', 'has a path that is not a database number'],
    ['redis://10.0.0.1/02', 'has a path that is not a database number'],
    ['redis://10.0.0.1/2/', 'has a path that is not a database number'],
    ['redis://10.0.0.1/9999999999', 'has a path that is not a database number'],
    ['redis://10.0.0.1#2', 'has a "#", which has no meaning here: percent-encode special characters'],
    ['redis://:a#b@10.0.0.1', 'has an address that is not a URL: percent-encode special characters'],
    ['redis://:a/b@10.0.0.1', 'has an address that is not a URL: percent-encode special characters'],
    ['redis://:50%@10.0.0.1', 'has a password with an invalid "%" escape'],
    ['redis://%ff:secret@10.0.0.1', 'has a user with an invalid "%" escape'],
    ['redis://secret@10.0.0.1', 'has a user without a password: write a password alone as'],
    ['redis://ann:@10.0.0.1', 'has a user without a password'],
    ['redis://10.0.0.1:0', 'has the port 0'],
    ['redis://10.0.0.1:99999', 'has an address that is not a URL'],
    ['redis://10.0.0.1\r', 'has a space or an invisible character'],
    ['redis://10.0.0.1\u200b:6379', 'has a space or an invisible character'],
    ['redis://10.0.0 .1', 'has a space or an invisible character'],
    ['redis://', 'has an address without a valid host'],
    ['redis:///2', 'has an address without a valid host'],
    ['redis://müller.example', 'has an address without a valid host'],
    ['redis://10.0.0.1,', 'has an address without "redis://" or "rediss://"'],
    ['redis://10.0.0.1,10.0.0.2', 'has an address without "redis://" or "rediss://"'],
    ['redis://10.0.0.1,redis://10.0.0.2/1', 'names a database, which is not supported with a cluster'],
    ['redis://10.0.0.1/3?cluster', 'names a database, which is not supported with a cluster'],
    ['redis://:a@10.0.0.1,redis://:b@10.0.0.2', 'has different schemes, users or passwords for the nodes'],
    ['redis://10.0.0.1,rediss://10.0.0.2', 'has different schemes, users or passwords for the nodes'],
    ['redis-sentinel://10.0.0.1:26379', 'lacks the master name: add it as a path, "/master"'],
    ['redis-sentinel://10.0.0.1:26379/', 'lacks the master name'],
    ['redis-sentinel:///orders', 'has an address without a valid host'],
    ['redis-sentinel://10.0.0.1,/orders', 'has an address without a valid host'],
    ['redis-sentinel://10.0.0.1/orders/x', 'has a path that is not a database number'],
    ['redis-sentinel://10.0.0.1/orders?db=2', 'has the parameter "db"'],
    [
      'redis-sentinel://10.0.0.1/orders?cluster',
      'has the parameter "cluster", which is not supported with Sentinel'
    ],
    ['redis-sentinel://10.0.0.1/orders#x', 'has a "#"'],
    ['redis-sentinel://10.0.0.1/%ff', 'has a master name with an invalid "%" escape'],
    ['', 'has an address without "redis://" or "rediss://"'],
    ['http://10.0.0.1', 'has an address without "redis://" or "rediss://"'],
    ['10.0.0.1', 'has an address without "redis://" or "rediss://"']
  ])('refuses %j: it %s', (text, message) => {
    const parsing = expect(() => parseAddress(text))
    parsing.toThrow(AddressError)
    parsing.toThrow(message)
  })

  it('shows no password when it refuses an address', () => {
    for (const text of [
      'redis://ann:secret@10.0.0.1?db=2',
      'redis://secret@h',
      'redis://:secret@h,redis://h'
    ]) {
      expect(() => parseAddress(text)).toThrow(/^(?!.*secret)/s)
    }
  })
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
