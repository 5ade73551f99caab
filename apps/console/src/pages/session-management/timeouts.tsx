import { settings as schema, type Settings } from '@tokenkeep/protocol'
import { inWords } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Notice } from '../../ui/notice.tsx'
import { checksOf, isSound, lifetimes, type Faults, type Lifetime } from './checks.ts'
import { DurationField } from './duration-field.tsx'
import styles from './timeouts.module.css'

const words = t.sessionManagement
const defaults = schema.parse({})

interface TimeoutsProps {
  readonly settings: Settings
  readonly faults: Faults
  readonly onChange: (change: Partial<Record<Lifetime, number>>) => void
}

export function Timeouts({ settings, faults, onChange }: TimeoutsProps) {
  const shown = settings.refresh_enabled ? lifetimes : lifetimes.slice(0, 1)
  return (
    <div className={styles['timeouts']}>
      {shown.map((field) => (
        <DurationField
          key={field}
          label={words.fields[field].label}
          hint={`${words.fields[field].hint} ${words.defaultIs(inWords(defaults[field]))}.`}
          error={faults.fields[field]}
          seconds={settings[field]}
          onChange={(seconds) => onChange({ [field]: seconds })}
          {...(field !== 'session_timeout_length' && { limitless: defaults[field] })}
        />
      ))}
      <div className={styles['checks']} aria-live="polite">
        {faults.whole && <Notice tone="bad">{faults.whole}</Notice>}
        {isSound(faults) &&
          checksOf(settings).map((check) => (
            <Notice key={check} tone={check.startsWith('no-') ? 'neutral' : 'warning'}>
              {words.checks[check]}
            </Notice>
          ))}
      </div>
    </div>
  )
}
