import type { Settings } from '@tokenkeep/protocol'
import { useLiveSessions } from '../../api/live-sessions.ts'
import { formatNumber } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { effectsOf, endsSessions } from './checks.ts'
import styles from './bullets.module.css'

const texts = t.sessionManagement.effects

interface SaveEffectsProps {
  readonly app: string
  readonly before: Settings
  readonly after: Settings
}

/** Tells what saving does to current sessions. Renders nothing if it affects none. */
export function SaveEffects({ app, before, after }: SaveEffectsProps) {
  const live = useLiveSessions(app)
  const effects = effectsOf(before, after)
  if (effects.length === 0) return null
  return (
    <Panel title={texts.title}>
      <Notice tone={endsSessions(effects) ? 'warning' : 'neutral'}>
        <ul className={styles['bullets']}>
          {effects.map((effect) => (
            <li key={effect}>{texts[effect]}</li>
          ))}
          {live !== undefined && live > 0 && <li>{texts.live(formatNumber(live))}</li>}
        </ul>
      </Notice>
    </Panel>
  )
}
