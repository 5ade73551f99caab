import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useAuthToken } from '@tokenkeep/react'
import { CircleUserRound } from 'lucide-react'
import { useState } from 'react'
import { currentUserQuery } from '../api/users.ts'
import { consoleApp } from '../session.ts'
import { t } from '../texts/index.ts'
import { applyTheme, storedTheme, themes } from '../theme.ts'
import { Menu, MenuItem, MenuRadioGroup, MenuSeparator } from '../ui/menu.tsx'
import styles from './account-menu.module.css'

/** Shows the menu of the signed-in admin: sessions and passkeys, appearance, sign-out. */
export function AccountMenu({ compact = false }: { readonly compact?: boolean }) {
  const { signOut } = useAuthToken()
  const { data: user } = useQuery(currentUserQuery())
  const [theme, setTheme] = useState(storedTheme)
  return (
    <Menu
      align={compact ? 'end' : 'start'}
      trigger={
        <button className={styles['account']} aria-label={`${t.account.label}: ${user?.identifier ?? ''}`}>
          <CircleUserRound aria-hidden />
          {!compact && <span>{user?.identifier}</span>}
        </button>
      }
    >
      {user && (
        <MenuItem render={<Link to="/apps/$app/users/$user" params={{ app: consoleApp, user: user.id }} />}>
          {t.account.sessions}
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuRadioGroup
        label={t.account.theme}
        choices={themes.map((value) => ({ value, label: t.account.themes[value] }))}
        value={theme}
        onChange={(next) => {
          setTheme(next)
          applyTheme(next)
        }}
      />
      <MenuSeparator />
      <MenuItem onClick={() => void signOut()}>{t.account.signOut}</MenuItem>
    </Menu>
  )
}
