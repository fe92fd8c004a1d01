/**
 * What is measured:
 *
 * - `weir`: Weir
 * - `floor`: the same routes and schemas on bare Fastify, without any work
 * - `proxy`: what one would write in an hour: the same routes in front of Redis
 * - `direct`: workers that speak to Redis themselves
 * - `webdis`: Debian's HTTP interface to Redis
 */
export type Contender = 'weir' | 'floor' | 'proxy' | 'direct' | 'webdis'
