import { useQuery } from '@tanstack/react-query'
import type { Settings } from '@tokenkeep/protocol'
import { latestSettingsEvent } from '../../api/activity.ts'
import type { ManagedApp } from '../../api/apps.ts'
import { ago, inWords } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import type { Field } from './checks.ts'
import styles from './conflict.module.css'
import { fields, settingsOf, type Draft } from './use-draft.ts'

const words = t.sessionManagement

const valueOf = (settings: Settings, field: Field): string => {
  const value = settings[field]
  if (typeof value === 'boolean') return value ? words.on : words.off
  return value === 0 ? words.noLimit : inWords(value)
}

interface ConflictProps {
  /** As it is saved now. */
  readonly app: ManagedApp
  readonly draft: Draft
  readonly onKeep: () => void
  readonly onTake: () => void
  readonly onClose: () => void
}

/** Two admins edited at once: both versions side by side, and nothing is lost before a person has decided. */
export function Conflict({ app, draft, onKeep, onTake, onClose }: ConflictProps) {
  const { data: event } = useQuery(latestSettingsEvent(app.id, app.version))
  const who = event?.actor?.replace(/^admin:/, '') ?? words.conflict.somebody
  const when = event ? ago(new Date(event.at * 1000)) : ''
  const saved = settingsOf(app)
  const concerned = fields.filter((field) => field in draft.change || saved[field] !== draft.before[field])
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={words.conflict.title}
      description={
        <>
          <p>{words.conflict.text(who, when)}</p>
          <p>{words.conflict.keepNote}</p>
        </>
      }
    >
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{words.conflict.setting}</th>
            <th scope="col">{words.conflict.theirs}</th>
            <th scope="col">{words.conflict.yours}</th>
          </tr>
        </thead>
        <tbody>
          {concerned.map((field) => (
            <tr key={field}>
              <th scope="row">{words.fields[field].label}</th>
              <td>{valueOf(saved, field)}</td>
              <td>{field in draft.change ? valueOf(draft.settings, field) : words.conflict.same}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <DialogActions>
        <Button look="quiet" onClick={onClose}>
          {t.actions.cancel}
        </Button>
        <Button onClick={onTake}>{words.conflict.take}</Button>
        <Button look="primary" onClick={onKeep}>
          {words.conflict.keep}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
