import type { Settings } from '@tokenkeep/protocol'
import { formatDuration } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { signInsInFourWeeks, survivesWeekend } from './simulation.ts'
import styles from './bullets.module.css'

const texts = t.sessionManagement.summary

/** Tells what the settings mean for a person who works Monday to Friday. */
export function SettingsSummary({ settings }: { readonly settings: Settings }) {
  return (
    <ul className={styles['bullets']}>
      <li>{survivesWeekend(settings) ? texts.fridayStays : texts.fridayEnds}</li>
      <li>{texts.count(signInsInFourWeeks(settings))}</li>
      <li>{texts.revoked(formatDuration(settings.session_timeout_length))}</li>
    </ul>
  )
}
