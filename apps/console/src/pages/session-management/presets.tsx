import { presets, type Settings } from '@tokenkeep/protocol'
import { t } from '../../texts/index.ts'
import { fields } from './checks.ts'
import styles from './presets.module.css'

interface PresetsProps {
  readonly settings: Settings
  readonly onChoose: (settings: Settings) => void
}

/** Shows buttons that fill in a preset. The button of the preset that matches the settings is pressed. */
export function Presets({ settings, onChoose }: PresetsProps) {
  return (
    <div className={styles['presets']} role="group" aria-label={t.sessionManagement.presets.title}>
      {presets.map((preset) => (
        <button
          key={preset.id}
          type="button"
          className={styles['preset']}
          aria-pressed={fields.every((field) => preset.settings[field] === settings[field])}
          onClick={() => onChoose(preset.settings)}
        >
          <b>{preset.name}</b>
          <span>{preset.description}</span>
        </button>
      ))}
    </div>
  )
}
