import { useChange } from '../../api/use-api-mutation.ts'
import { endSession, type SessionOfUser } from '../../api/users.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { deviceName, isCurrentSession } from './session-device.ts'

const words = t.user.sessions

interface EndSessionProps {
  readonly app: string
  readonly user: string
  readonly session: SessionOfUser
}

export function EndSession({ app, user, session }: EndSessionProps) {
  const end = useChange({ run: () => endSession(app, user, session.id), done: words.ended })
  const name = deviceName(session)
  return (
    <Confirm
      trigger={
        <Button size="small" aria-label={words.endNamed(name)} disabled={end.isPending}>
          {words.end}
        </Button>
      }
      title={words.endTitle}
      action={words.endAction}
      onConfirm={() => end.mutate(undefined)}
    >
      {isCurrentSession(session) ? words.endOwn : words.endText(name)}
    </Confirm>
  )
}
