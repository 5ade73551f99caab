import { role, type Role } from '@tokenkeep/protocol'
import { changeRole } from '../../api/users.ts'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { t } from '../../texts/index.ts'
import { Select } from '../../ui/select.tsx'

const texts = t.user.role

interface RoleProps {
  readonly app: string
  readonly user: string
  readonly current: Role
}

/** Shows and changes the role of an administrator. */
export function RoleOf({ app, user, current }: RoleProps) {
  const change = useApiMutation({
    mutationFn: (next: Role) => changeRole(app, user, next),
    successMessage: texts.changed,
  })
  return (
    <Select
      label={texts.label}
      choices={role.options.map((value) => ({ value, label: texts.names[value] }))}
      value={current}
      disabled={change.isPending}
      onChange={(next) => change.mutate(next)}
    />
  )
}
