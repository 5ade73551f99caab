import type { Settings } from '@tokenkeep/protocol'
import { useState } from 'react'
import type { ManagedApp } from '../../api/apps.ts'
import { Conflict } from '../../editing/conflict-dialog.tsx'
import type { Draft } from '../../editing/use-draft.ts'
import { useSave } from '../../editing/use-save.ts'
import { inWords } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { effectsOf, endsSessions } from './checks.ts'
import styles from './save-bar.module.css'

const words = t.sessionManagement

interface SaveBarProps {
  readonly app: ManagedApp
  readonly draft: Draft<Settings>
  readonly sound: boolean
}

const labelOf = (field: keyof Settings): string => words.fields[field].label

const told = (value: boolean | number): string => {
  if (typeof value === 'boolean') return value ? words.on : words.off
  return value === 0 ? words.noLimit : inWords(value)
}

/** What is not saved yet, and what to do with it. */
export function SaveBar({ app, draft, sound }: SaveBarProps) {
  const [asking, ask] = useState(false)
  const { before, values, change, discard } = draft
  const ends = effectsOf(before, values).filter((effect) => endsSessions([effect]))
  const { save, pending, conflict } = useSave({ app, draft, body: change, done: words.saved })

  return (
    <div className={styles['bar']} role="region" aria-label={words.unsaved}>
      <p>{sound ? words.unsaved : words.fix}</p>
      <Button look="quiet" onClick={discard}>
        {t.actions.discard}
      </Button>
      <Button
        look="primary"
        disabled={!sound || pending}
        focusableWhenDisabled
        onClick={() => (ends.length > 0 ? ask(true) : save())}
      >
        {t.actions.save}
      </Button>
      <Confirm
        open={asking}
        onOpenChange={ask}
        title={words.confirmEnd.title}
        action={words.confirmEnd.action}
        onConfirm={save}
      >
        {ends.map((effect) => (
          <p key={effect}>{words.effects[effect]}</p>
        ))}
      </Confirm>
      {conflict && <Conflict {...conflict} labelOf={labelOf} told={told} />}
    </div>
  )
}
