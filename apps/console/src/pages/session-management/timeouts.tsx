import { settings as schema, type Settings } from '@tokenkeep/protocol'
import { formatDuration } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Notice } from '../../ui/notice.tsx'
import { isValid, lifetimes, warningsOf, type Lifetime, type ValidationErrors } from './checks.ts'
import { DurationField } from './duration-field.tsx'
import styles from './timeouts.module.css'

const texts = t.sessionManagement
const defaults = schema.parse({})

interface TimeoutsProps {
  readonly settings: Settings
  readonly errors: ValidationErrors
  readonly onChange: (change: Partial<Record<Lifetime, number>>) => void
}

export function Timeouts({ settings, errors, onChange }: TimeoutsProps) {
  const shown = settings.refresh_enabled ? lifetimes : lifetimes.slice(0, 1)
  return (
    <div className={styles['timeouts']}>
      {shown.map((field) => (
        <DurationField
          key={field}
          label={texts.fields[field].label}
          hint={`${texts.fields[field].hint} ${texts.defaultIs(formatDuration(defaults[field]))}.`}
          error={errors.fields[field]}
          seconds={settings[field]}
          onChange={(seconds) => onChange({ [field]: seconds })}
          {...(field !== 'session_timeout_length' && { restoredLimit: defaults[field] })}
        />
      ))}
      <div className={styles['checks']} aria-live="polite">
        {errors.combination && <Notice tone="bad">{errors.combination}</Notice>}
        {isValid(errors) &&
          warningsOf(settings).map((warning) => (
            <Notice key={warning} tone={warning.startsWith('no-') ? 'neutral' : 'warning'}>
              {texts.warnings[warning]}
            </Notice>
          ))}
      </div>
    </div>
  )
}
