import { useQuery } from '@tanstack/react-query'
import type { Settings } from '@tokenkeep/protocol'
import { useState } from 'react'
import { statisticsQuery } from '../../api/activity.ts'
import { asNumber } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { effectsOf, endsSessions } from './checks.ts'
import styles from './bullets.module.css'

const words = t.sessionManagement.effects

interface EffectsProps {
  readonly app: string
  readonly before: Settings
  readonly after: Settings
}

/** What saving does to whoever is signed in. */
export function Effects({ app, before, after }: EffectsProps) {
  const [since] = useState(() => Math.floor(Date.now() / 1000) - 3600)
  const { data } = useQuery(statisticsQuery(app, since, 60))
  const live = data?.points.findLast((point) => point.live_sessions !== undefined)?.live_sessions
  const effects = effectsOf(before, after)
  if (effects.length === 0) return null
  return (
    <Panel title={words.title}>
      <Notice tone={endsSessions(effects) ? 'warning' : 'neutral'}>
        <ul className={styles['meaning']}>
          {effects.map((effect) => (
            <li key={effect}>{words[effect]}</li>
          ))}
          {live !== undefined && live > 0 && <li>{words.live(asNumber(live))}</li>}
        </ul>
      </Notice>
    </Panel>
  )
}
