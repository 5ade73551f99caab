import { useQuery } from '@tanstack/react-query'
import { latestSettingsEvent } from '../api/activity.ts'
import type { ManagedApp } from '../api/apps.ts'
import { actorName } from '../texts/actor.ts'
import { formatRelativeTime } from '../texts/format.ts'
import { t } from '../texts/index.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import styles from './conflict-dialog.module.css'
import type { Draft } from './use-draft.ts'

const texts = t.editing.conflict

interface ConflictDialogProps<Values extends object> {
  /** The app as it is saved now. */
  readonly app: ManagedApp
  readonly draft: Draft<Values>
  readonly labelOf: (field: keyof Values) => string
  /** The text for a value in the table. */
  readonly formatValue: <Field extends keyof Values>(value: Values[Field], field: Field) => string
  readonly onKeep: () => void
  readonly onTake: () => void
  readonly onClose: () => void
}

/** Shows both versions side by side after two admins edited the same settings, and lets the admin choose. */
export function ConflictDialog<Values extends object>({
  app,
  draft,
  labelOf,
  formatValue,
  onKeep,
  onTake,
  onClose,
}: ConflictDialogProps<Values>) {
  const { data: event } = useQuery(latestSettingsEvent(app.id, app.version))
  const saved = draft.valuesOf(app)
  const changedFields = (Object.keys(saved) as (keyof Values)[]).filter(
    (field) => field in draft.change || saved[field] !== draft.before[field],
  )
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={texts.title}
      description={
        <>
          <p>
            {event?.actor
              ? texts.textBy(
                  actorName(event.actor, event.actor_name),
                  formatRelativeTime(new Date(event.at * 1000)),
                )
              : texts.text}
          </p>
          <p>{texts.keepNote}</p>
        </>
      }
    >
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{texts.setting}</th>
            <th scope="col">{texts.theirs}</th>
            <th scope="col">{texts.yours}</th>
          </tr>
        </thead>
        <tbody>
          {changedFields.map((field) => (
            <tr key={String(field)}>
              <th scope="row">{labelOf(field)}</th>
              <td>{formatValue(saved[field], field)}</td>
              <td>{field in draft.change ? formatValue(draft.values[field], field) : texts.same}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <DialogActions>
        <Button variant="quiet" onClick={onClose}>
          {t.actions.cancel}
        </Button>
        <Button onClick={onTake}>{texts.take}</Button>
        <Button variant="primary" onClick={onKeep}>
          {texts.keep}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
