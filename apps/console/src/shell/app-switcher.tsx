import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronsUpDown } from 'lucide-react'
import { appsQuery } from '../api/apps.ts'
import { t } from '../texts/index.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import styles from './navigation.module.css'

/** Shows the open app and a menu of all apps. */
export function AppSwitcher({ app }: { readonly app: string }) {
  const { data: apps = [] } = useQuery(appsQuery())
  const current = apps.find(({ id }) => id === app)
  return (
    <Menu
      align="start"
      trigger={
        <button className={styles['app']}>
          <span>
            <span className="visually-hidden">{t.nav.switchApp}</span>
            <b>{current?.name ?? app}</b>
            <small>{app}</small>
          </span>
          <ChevronsUpDown aria-hidden />
        </button>
      }
    >
      {apps.map(({ id, name }) => (
        <MenuItem key={id} render={<Link to="/apps/$app/authentication/sessions" params={{ app: id }} />}>
          {name}
        </MenuItem>
      ))}
    </Menu>
  )
}
