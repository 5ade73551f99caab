import { expect, type Page } from '@playwright/test'
import { fileURLToPath } from 'node:url'
import { end, startNode } from '../src/child.ts'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { passageTest } from '../src/passage-fixtures.ts'

/** An app written for Passage: its element, its `PassageUser`, and axios. */
const written = (port: number): string => `
  import axios from 'axios'
  import 'passage-elements-1.23.1/passage-auth'
  import { PassageUser } from 'passage-elements-1.23.1/passage-user'
  const main = document.querySelector('main')
  const show = async () => {
    const user = new PassageUser()
    const api = axios.create({ baseURL: 'http://localhost:${port}' })
    api.interceptors.request.use(async (config) => {
      config.headers.Authorization = 'Bearer ' + (await user.getAuthToken())
      return config
    })
    const { data } = await api.get('/me')
    main.innerHTML = '<output></output><button>Sign out</button>'
    main.querySelector('output').textContent = 'Hello ' + data.email
    main.querySelector('button').onclick = async () => (await user.signOut(), location.reload())
  }
  const signIn = () => {
    const element = document.createElement('passage-auth')
    element.setAttribute('app-id', 'demo')
    element.onSuccess = () => location.reload()
    main.replaceChildren(element)
  }
  try { await show() } catch (error) { if (error.statusCode !== 704) throw error; signIn() }
`
/** The same app with one import changed. */
const changed = (port: number): string =>
  written(port).replace('passage-elements-1.23.1/passage-user', '@tokenkeep/passage')

const apiPort = await freePort()
const test = passageTest.extend({ scripts: { '/app': written(apiPort), '/changed/app': changed(apiPort) } })

const part = (page: Page, name: string) => page.locator(`[data-testid=${name}]:visible`)

test('an app written for Passage: first with another address, then with one import changed', async ({
  app,
  url,
  server,
}) => {
  const folder = fileURLToPath(new URL('../../passage-clients', import.meta.url))
  const backend = startNode(['--import', './src/node-address.ts', 'src/backend.ts'], {
    cwd: folder,
    env: {
      PORT: String(apiPort),
      APP_ID: 'demo',
      API_KEY: await server.createApiKey(),
      PASSAGE_SERVER: server.url,
    },
  })
  try {
    // First, the app runs Passage's own code, at our server's address.
    await app.goto(`${url}/app`)
    await part(app, 'identifier-input').fill('ada@example.com')
    await part(app, 'continue-button').click()
    await part(app, 'register-link').click()
    await part(app, 'continue-button').click()
    await part(app, 'register-main-button').click()
    const hello = app.getByText('Hello ada@example.com')
    await expect(hello).toBeVisible()
    expect(await app.evaluate(() => Object.keys(localStorage).toSorted())).toContain('psg_refresh_token')
    await app.reload()
    await expect(hello).toBeVisible()
    const before = (await (await server.manage('GET', '/users')).json()) as { users: { id: string }[] }

    // Then one import is changed. The new code takes over the storage that the old code left behind.
    await app.goto(`${url}/changed/app`)
    await expect(hello).toBeVisible()
    expect(await app.evaluate(() => Object.keys(localStorage))).not.toContain('psg_refresh_token')
    const sessions = await server.manage('GET', `/users/${before.users[0]!.id}/sessions`)
    expect(await sessions.json()).toMatchObject({ total_sessions: 1 })
    await app.reload()
    await expect(hello).toBeVisible()

    // Back to the old import, as after a rollback: the person signs in again, once.
    await app.goto(`${url}/app`)
    await expect(part(app, 'continue-button')).toBeVisible()

    // Forward again: the session is still there, and a sign-out ends it.
    await app.goto(`${url}/changed/app`)
    await app.getByText('Sign out').click()
    await expect(part(app, 'continue-button')).toBeVisible()
    expect(await (await server.manage('GET', `/users/${before.users[0]!.id}/sessions`)).json()).toMatchObject(
      {
        total_sessions: 0,
      },
    )
  } finally {
    await end(backend, 'SIGKILL')
  }
})
