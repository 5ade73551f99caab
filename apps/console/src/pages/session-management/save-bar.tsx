import type { Settings } from '@tokenkeep/protocol'
import { useState } from 'react'
import type { ManagedApp } from '../../api/apps.ts'
import { ConflictDialog } from '../../editing/conflict-dialog.tsx'
import { useLiveSessions } from '../../api/live-sessions.ts'
import type { Draft } from '../../editing/use-draft.ts'
import { useSave } from '../../editing/use-save.ts'
import { formatDuration, formatNumber } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { effectsOf, endsSessions } from './checks.ts'
import styles from './save-bar.module.css'

const texts = t.sessionManagement

interface SaveBarProps {
  readonly app: ManagedApp
  readonly draft: Draft<Settings>
  readonly valid: boolean
}

const labelOf = (field: keyof Settings): string => texts.fields[field].label

const formatValue = (value: boolean | number): string => {
  if (typeof value === 'boolean') return value ? texts.on : texts.off
  return value === 0 ? texts.noLimit : formatDuration(value)
}

/** Saves or discards the edits. Asks first if saving signs people out. */
export function SaveBar({ app, draft, valid }: SaveBarProps) {
  const [confirming, setConfirming] = useState(false)
  const { before, values, change, discard } = draft
  const live = useLiveSessions(app.id)
  const ends = effectsOf(before, values).filter((effect) => endsSessions([effect]))
  const { save, pending, conflict } = useSave({ app, draft, body: change, successMessage: texts.saved })

  return (
    <div className={styles['bar']} role="region" aria-label={texts.unsaved}>
      <p>{valid ? texts.unsaved : texts.fix}</p>
      <Button variant="quiet" onClick={discard}>
        {t.actions.discard}
      </Button>
      <Button
        variant="primary"
        disabled={!valid || pending}
        focusableWhenDisabled
        onClick={() => (ends.length > 0 ? setConfirming(true) : save())}
      >
        {t.actions.save}
      </Button>
      <Confirm
        open={confirming}
        onOpenChange={setConfirming}
        title={texts.confirmEnd.title}
        action={texts.confirmEnd.action}
        onConfirm={save}
      >
        {ends.map((effect) => (
          <p key={effect}>{texts.effects[effect]}</p>
        ))}
        {live !== undefined && <p>{texts.effects.live(formatNumber(live))}</p>}
      </Confirm>
      {conflict && <ConflictDialog {...conflict} labelOf={labelOf} formatValue={formatValue} />}
    </div>
  )
}
