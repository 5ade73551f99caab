import type { Status } from '@tokenkeep/react'
import { places, ways } from '@tokenkeep/sample'

/** Draws the four states and the transitions. The current state and the last transition are highlighted. */
export const Diagram = ({ now, from }: { now: Status; from: Status | undefined }) => (
  <svg className="diagram" viewBox="0 0 444 230" role="img" aria-label={`State diagram: now ${now}`}>
    <defs>
      <marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto">
        <path d="M1 1L6.5 4L1 7" fill="none" stroke="context-stroke" />
      </marker>
    </defs>
    {ways.map((way) => (
      <path
        key={way.d}
        className={way.from === from && way.to === now ? 'way taken' : 'way'}
        d={way.d}
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
