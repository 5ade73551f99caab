import { useQueryClient } from '@tanstack/react-query'
import type { Settings } from '@tokenkeep/protocol'
import { useState } from 'react'
import { appQuery, changeSettings, type ManagedApp } from '../../api/apps.ts'
import { isApiError } from '../../api/client.ts'
import { useChange } from '../../api/use-change.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { explain } from '../../api/explain.ts'
import { effectsOf, endsSessions } from './checks.ts'
import { Conflict } from './conflict.tsx'
import styles from './save-bar.module.css'
import type { Draft } from './use-draft.ts'

const words = t.sessionManagement

interface SaveBarProps {
  readonly app: ManagedApp
  readonly draft: Draft
  readonly sound: boolean
}

/** What is not saved yet, and what to do with it. */
export function SaveBar({ app, draft, sound }: SaveBarProps) {
  const cache = useQueryClient()
  const toast = useToast()
  const [asking, ask] = useState(false)
  /** What somebody else has saved since. */
  const [theirs, setTheirs] = useState<ManagedApp>()
  const { before, settings, change, discard } = draft
  const ends = effectsOf(before, settings).filter((effect) => endsSessions([effect]))

  const save = useChange({
    run: ({ version, body }: { version: number; body: Partial<Settings> }) =>
      changeSettings(app.id, version, body),
    done: words.saved,
    quiet: true,
    onDone: (saved) => {
      cache.setQueryData(appQuery(app.id).queryKey, saved)
      setTheirs(undefined)
      discard()
    },
  })
  const send = async (version: number): Promise<void> => {
    try {
      await save.mutateAsync({ version, body: change })
    } catch (error) {
      if (!isApiError(error, 'conflict')) return toast({ title: explain(error), tone: 'bad' })
      setTheirs(await cache.fetchQuery({ ...appQuery(app.id), staleTime: 0 }))
    }
  }

  return (
    <div className={styles['bar']} role="region" aria-label={words.unsaved}>
      <p>{sound ? words.unsaved : words.fix}</p>
      <Button look="quiet" onClick={discard}>
        {t.actions.discard}
      </Button>
      <Button
        look="primary"
        disabled={!sound || save.isPending}
        focusableWhenDisabled
        onClick={() => (ends.length > 0 ? ask(true) : void send(draft.version))}
      >
        {t.actions.save}
      </Button>
      <Confirm
        open={asking}
        onOpenChange={ask}
        title={words.confirmEnd.title}
        action={words.confirmEnd.action}
        onConfirm={() => void send(draft.version)}
      >
        {ends.map((effect) => (
          <p key={effect}>{words.effects[effect]}</p>
        ))}
      </Confirm>
      {theirs && (
        <Conflict
          app={theirs}
          draft={draft}
          onKeep={() => void send(theirs.version)}
          onTake={() => {
            setTheirs(undefined)
            discard()
          }}
          onClose={() => setTheirs(undefined)}
        />
      )}
    </div>
  )
}
