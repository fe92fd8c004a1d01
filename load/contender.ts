/**
 * Who is measured: Weir; `floor`, the same routes and schemas with no work behind them; `proxy`, what one would write
 * in an hour in front of Redis; `direct`, workers that speak to Redis themselves; `webdis`, HTTP for Redis as Debian
 * has it.
 */
export type Contender = 'weir' | 'floor' | 'proxy' | 'direct' | 'webdis'
