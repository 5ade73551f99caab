import { useApiMutation } from '../../api/use-api-mutation.ts'
import { endSession, type SessionOfUser } from '../../api/users.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { deviceName, isCurrentSession } from './session-device.ts'

const texts = t.user.sessions

interface EndSessionProps {
  readonly app: string
  readonly user: string
  readonly session: SessionOfUser
}

export function EndSession({ app, user, session }: EndSessionProps) {
  const end = useApiMutation({
    mutationFn: () => endSession(app, user, session.id),
    successMessage: texts.ended,
  })
  const name = deviceName(session)
  return (
    <Confirm
      trigger={
        <Button size="small" aria-label={texts.endNamed(name)} disabled={end.isPending}>
          {texts.end}
        </Button>
      }
      title={texts.endTitle}
      action={texts.endAction}
      onConfirm={() => end.mutate(undefined)}
    >
      {isCurrentSession(session) ? texts.endOwn : texts.endText(name)}
    </Confirm>
  )
}
