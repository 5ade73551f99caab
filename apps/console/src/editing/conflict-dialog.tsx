import { useQuery } from '@tanstack/react-query'
import { latestSettingsEvent } from '../api/activity.ts'
import type { ManagedApp } from '../api/apps.ts'
import { actorOf } from '../texts/actor.ts'
import { ago } from '../texts/format.ts'
import { t } from '../texts/index.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import styles from './conflict-dialog.module.css'
import type { Draft } from './use-draft.ts'

const words = t.editing.conflict

interface ConflictProps<Values extends object> {
  /** As it is saved now. */
  readonly app: ManagedApp
  readonly draft: Draft<Values>
  readonly labelOf: (field: keyof Values) => string
  /** A value in words. */
  readonly told: <Field extends keyof Values>(value: Values[Field]) => string
  readonly onKeep: () => void
  readonly onTake: () => void
  readonly onClose: () => void
}

/** Two admins edited at once: both versions side by side, and nothing is lost before a person has decided. */
export function Conflict<Values extends object>({
  app,
  draft,
  labelOf,
  told,
  onKeep,
  onTake,
  onClose,
}: ConflictProps<Values>) {
  const { data: event } = useQuery(latestSettingsEvent(app.id, app.version))
  const saved = draft.valuesOf(app)
  const concerned = (Object.keys(saved) as (keyof Values)[]).filter(
    (field) => field in draft.change || saved[field] !== draft.before[field],
  )
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={words.title}
      description={
        <>
          <p>
            {event?.actor ? words.textBy(actorOf(event.actor), ago(new Date(event.at * 1000))) : words.text}
          </p>
          <p>{words.keepNote}</p>
        </>
      }
    >
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{words.setting}</th>
            <th scope="col">{words.theirs}</th>
            <th scope="col">{words.yours}</th>
          </tr>
        </thead>
        <tbody>
          {concerned.map((field) => (
            <tr key={String(field)}>
              <th scope="row">{labelOf(field)}</th>
              <td>{told(saved[field])}</td>
              <td>{field in draft.change ? told(draft.values[field]) : words.same}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <DialogActions>
        <Button look="quiet" onClick={onClose}>
          {t.actions.cancel}
        </Button>
        <Button onClick={onTake}>{words.take}</Button>
        <Button look="primary" onClick={onKeep}>
          {words.keep}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
