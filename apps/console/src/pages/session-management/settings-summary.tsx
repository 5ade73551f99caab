import type { Settings } from '@tokenkeep/protocol'
import { inWords } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { signInsInFourWeeks, survivesWeekend } from './simulation.ts'
import styles from './bullets.module.css'

const words = t.sessionManagement.meaning

/** The settings, told as what happens to somebody. */
export function Meaning({ settings }: { readonly settings: Settings }) {
  return (
    <ul className={styles['meaning']}>
      <li>{survivesWeekend(settings) ? words.fridayStays : words.fridayEnds}</li>
      <li>{words.count(signInsInFourWeeks(settings))}</li>
      <li>{words.revoked(inWords(settings.session_timeout_length))}</li>
    </ul>
  )
}
