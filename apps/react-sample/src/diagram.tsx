import type { AuthState } from '@tokenkeep/react'

type Status = AuthState['status']

const places: readonly { status: Status; x: number; y: number }[] = [
  { status: 'valid', x: 230, y: 30 },
  { status: 'refreshing', x: 370, y: 115 },
  { status: 'expired', x: 230, y: 200 },
  { status: 'signed-out', x: 74, y: 115 },
]

const paths: readonly { from: Status; to: Status; d: string }[] = [
  { from: 'signed-out', to: 'valid', d: 'M58 95C58 48 98 24 164 24' },
  { from: 'valid', to: 'signed-out', d: 'M164 38C122 40 96 58 90 90' },
  { from: 'valid', to: 'expired', d: 'M216 49L216 175' },
  { from: 'expired', to: 'valid', d: 'M244 181L244 55' },
  { from: 'valid', to: 'refreshing', d: 'M288 24C346 24 386 48 386 90' },
  { from: 'refreshing', to: 'valid', d: 'M354 95C350 60 326 42 294 38' },
  { from: 'refreshing', to: 'expired', d: 'M386 135C386 182 346 206 294 206' },
  { from: 'expired', to: 'refreshing', d: 'M288 192C326 188 350 170 354 140' },
  { from: 'refreshing', to: 'signed-out', d: 'M312 115L138 115' },
  { from: 'expired', to: 'signed-out', d: 'M164 206C98 206 58 182 58 140' },
  { from: 'signed-out', to: 'expired', d: 'M90 135C96 170 122 190 164 192' },
]

/** The four states and the ways between them: where the session is lit, and how it came there. */
export const Diagram = ({ now, from }: { now: Status; from: Status | undefined }) => (
  <svg className="diagram" viewBox="0 0 444 230" role="img" aria-label={`State diagram: now ${now}`}>
    <defs>
      <marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto">
        <path d="M1 1L6.5 4L1 7" fill="none" stroke="context-stroke" />
      </marker>
    </defs>
    {paths.map((path) => (
      <path
        key={path.d}
        className={path.from === from && path.to === now ? 'way taken' : 'way'}
        d={path.d}
        markerEnd="url(#tip)"
      />
    ))}
    {places.map(({ status, x, y }) => (
      <g key={status} className={status === now ? 'place lit' : 'place'}>
        <rect x={x - 58} y={y - 19} width="116" height="38" rx="19" />
        <text x={x} y={y + 4.5}>
          {status}
        </text>
      </g>
    ))}
  </svg>
)
