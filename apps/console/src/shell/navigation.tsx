import { Link, type LinkProps } from '@tanstack/react-router'
import { Activity, KeyRound, LayoutGrid, Settings2, Timer, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { consoleApp } from '../session.ts'
import { t } from '../texts/index.ts'
import { AppSwitcher } from './app-switcher.tsx'
import styles from './navigation.module.css'

interface NavigationProps {
  /** The id of the open app; undefined on pages of the instance. */
  readonly app: string | undefined
}

export function Navigation({ app }: NavigationProps) {
  return (
    <nav className={styles['nav']} aria-label={t.nav.label}>
      {app !== undefined && (
        <>
          <AppSwitcher app={app} />
          <Group title={t.nav.authentication}>
            <NavLink to="/apps/$app/authentication/sessions" params={{ app }} icon={<Timer />}>
              {t.nav.sessions}
            </NavLink>
            <NavLink to="/apps/$app/users" params={{ app }} icon={<Users />}>
              {app === consoleApp ? t.nav.admins : t.nav.users}
            </NavLink>
            <NavLink to="/apps/$app/activity" params={{ app }} icon={<Activity />}>
              {t.nav.activity}
            </NavLink>
            <NavLink to="/apps/$app/keys" params={{ app }} icon={<KeyRound />}>
              {t.nav.keys}
            </NavLink>
            <NavLink to="/apps/$app/settings" params={{ app }} icon={<Settings2 />}>
              {t.nav.settings}
            </NavLink>
          </Group>
        </>
      )}
      <Group title={t.nav.instance}>
        <NavLink to="/apps" icon={<LayoutGrid />} exact>
          {t.nav.apps}
        </NavLink>
        <NavLink to="/apps/$app/users" params={{ app: consoleApp }} icon={<Users />}>
          {t.nav.admins}
        </NavLink>
      </Group>
    </nav>
  )
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <h2 className={styles['title']}>{title}</h2>
      <div className={styles['group']}>{children}</div>
    </div>
  )
}

interface NavLinkProps {
  readonly to: NonNullable<LinkProps['to']>
  readonly params?: { readonly app: string }
  readonly icon: ReactNode
  readonly exact?: boolean
  readonly children: ReactNode
}
function NavLink({ to, params, icon, exact = false, children }: NavLinkProps) {
  return (
    <Link
      to={to}
      {...(params && { params })}
      className={styles['link']!}
      activeOptions={{ exact, includeSearch: false }}
    >
      {icon}
      {children}
    </Link>
  )
}
