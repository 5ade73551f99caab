import type { FirstByte } from './first-byte.ts'
import type { Result } from './ride.ts'

/** In milliseconds, and how many times as long an expiry takes. */
export const formatFirstByte = ({ fresh, expired }: FirstByte): string =>
  `${fresh.toFixed(1)} ms, ${expired.toFixed(1)} ms (× ${(expired / fresh).toFixed(1)})`

/** Prints the result of a ride. Returns true if everything held, and enough happened to prove it. */
export function report(result: Result): boolean {
  const { name, expiries, firstByte, seen, front, cache } = result
  const failures = [
    seen.lost + result.gone > 0 && 'a session was lost',
    result.alarms > 0 && 'an honest copy raised the alarm',
    result.extraRotations > 0 && 'an expiry was answered by more than one rotation',
    seen.foreign > 0 && 'an answer of one person reached another',
    seen.secrets > 0 && 'an answer or a log holds a refresh token or a secret',
    cache.leaks > 0 && 'a shared cache may keep an answer with a cookie',
    front.dropped === 0 && 'no cookie was dropped, so nothing is proved',
    front.reversed === 0 && 'no answers were reversed, so nothing is proved',
    cache.hits === 0 && 'the cache never answered, so nothing is proved',
    result.rotations < expiries / 2 && 'tokens hardly expired, so nothing is proved',
    seen.served === 0 && 'no page was served, so nothing is proved',
  ].filter(Boolean)
  console.log(
    [
      `${name}: ${expiries} expiries, ${front.requests} requests, ${result.kills} instances killed`,
      `  network:  ${front.dropped} cookies dropped, ${front.late} answers late, ${front.reversed} in reverse order, ${front.broken} broken, ${cache.hits} from the cache`,
      `  pages:    ${seen.served} served, ${seen.expired} expired, ${seen.lost} signed out, ${seen.foreign} of another person, ${seen.secrets} with a secret`,
      `  sessions: ${result.gone} lost at the end, ${result.alarms} alarms, ${result.rotations} rotations (${result.extraRotations} too many), ${result.replays} replays, ${cache.leaks} cookies that a cache may keep`,
      `  first byte: ${formatFirstByte(firstByte)} at an expiry`,
      failures.length > 0 ? `  ✗ ${failures.join('; ')}` : '  ✓ no session lost',
    ].join('\n'),
  )
  return failures.length === 0
}
