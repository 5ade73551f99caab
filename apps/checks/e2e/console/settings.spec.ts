import { expect } from '@playwright/test'
import { accessibility } from '../src/accessibility.ts'
import { test } from '../src/console-fixtures.ts'
import { openSession, SessionServer, type Opened } from '../src/session-server.ts'

const path = `/apps/${SessionServer.appId}/authentication/sessions`
/** The settings that the server has now. */
const savedBy = async (server: SessionServer): Promise<object> =>
  ((await (await server.manage('GET', '/')).json()) as { app: object }).app

test('each setting changed in the Console applies to a real session', async ({ page, server, admin }) => {
  const open = (): Promise<Opened> => openSession(server)
  await admin.visit(path)

  await page.getByLabel('Auth token lifetime', { exact: true }).fill('42')
  await admin.saveSettings()
  await expect.poll(async () => Math.ceil((await open()).auth_token_expires_in)).toBe(42)

  await page.getByLabel('Absolute timeout', { exact: true }).fill('9')
  await page.getByRole('combobox', { name: 'Unit of absolute timeout' }).click()
  await page.getByRole('option', { name: 'hour' }).click()
  await admin.saveSettings('signs people out')
  await expect.poll(async () => Math.round((await open()).absolute_expires_in! / 3600)).toBe(9)

  await page.getByLabel('Inactivity timeout', { exact: true }).fill('2')
  await admin.saveSettings()
  await expect.poll(async () => Math.round((await open()).inactivity_expires_in! / 3600)).toBe(2)

  await page.getByRole('checkbox', { name: 'No absolute timeout' }).click()
  await admin.saveSettings()
  await expect.poll(async () => (await open()).absolute_expires_in).toBeUndefined()

  await page.getByRole('button', { name: /NIST AAL3/ }).click()
  await admin.saveSettings('signs people out')
  await expect.poll(async () => Math.round((await open()).inactivity_expires_in! / 60)).toBe(15)

  await page.getByRole('switch', { name: 'Keep people signed in' }).click()
  await admin.saveSettings('signs people out')
  await expect.poll(async () => (await open()).refresh_token).toBeUndefined()
})

test('the page and the API refuse the same settings, and the page marks the field', async ({
  page,
  server,
  admin,
}) => {
  const isRefused = async (change: object): Promise<void> =>
    expect((await server.manage('PATCH', '/settings', change)).status).toBe(400)
  await admin.visit(path)
  const field = page.getByLabel('Auth token lifetime', { exact: true })
  const save = page.getByRole('button', { name: 'Save changes' })

  for (const [text, message] of [
    ['4', 'Enter at least 5 seconds.'],
    ['601', 'Enter at most 10 minutes, or turn refresh tokens off.'],
    ['86401', 'Enter at most 10 minutes, or turn refresh tokens off.'],
    ['5.5', 'Enter a whole number of seconds.'],
  ] as const) {
    await isRefused({ session_timeout_length: Number(text) })
    await field.fill(text)
    await expect(field).toHaveAccessibleDescription(new RegExp(`^${message}`))
    await expect(save).toBeDisabled()
  }
  await field.fill('soon')
  await expect(field).toHaveAccessibleDescription(/^Enter a number\./)
  await field.fill('30')
  await page.getByRole('checkbox', { name: 'No inactivity timeout' }).click()
  await page.getByRole('checkbox', { name: 'No absolute timeout' }).click()
  await isRefused({ refresh_absolute_lifetime: 0, refresh_inactivity_lifetime: 0 })
  await expect(page.getByText('Set a limit here or at the other timeout.')).toHaveCount(2)
})

test('shows both versions of the session settings if two admins edit them, and loses no change', async ({
  page,
  server,
  admin,
}) => {
  await admin.visit(path)
  await page.getByLabel('Auth token lifetime', { exact: true }).fill('60')
  await server.manage('PATCH', '/settings', { refresh_inactivity_lifetime: 7200 })

  await page.getByRole('button', { name: 'Save changes' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Someone else saved changes')).toBeVisible()
  await expect(dialog.getByRole('row', { name: /Inactivity timeout 2 hours/ })).toBeVisible()
  await expect(dialog.getByRole('row', { name: /Auth token lifetime 5 seconds 1 minute/ })).toBeVisible()
  await dialog.getByRole('button', { name: 'Keep my changes' }).click()
  await expect(page.getByText('Saved. All servers apply the change within one second.')).toBeVisible()

  expect(await savedBy(server)).toMatchObject({
    session_timeout_length: 60,
    refresh_inactivity_lifetime: 7200,
  })
})

test(
  'lets the second admin keep or discard changes if two admins edit the app settings',
  { tag: ['@full'] },
  async ({ page, server, admin }) => {
    const theirs = {
      redirect_url: 'https://app.example.com/home',
      additional_auth_origins: ['https://b.test'],
    }
    const name = page.getByLabel('Name', { exact: true })
    const save = page.getByRole('button', { name: 'Save changes' })
    const dialog = page.getByRole('dialog')

    await admin.visit(`/apps/${SessionServer.appId}/settings`)
    await name.fill('Mine')
    await server.manage('PATCH', '/settings', theirs)
    await save.click()
    await expect(dialog.getByText('Someone else saved changes')).toBeVisible()
    await expect(
      dialog.getByText(/^These settings were changed .+ by the API key “e2e”, while/),
    ).toBeVisible()
    await expect(dialog.getByRole('row', { name: 'Name e2e Mine' })).toBeVisible()
    await expect(
      dialog.getByRole('row', { name: `Redirect URL ${theirs.redirect_url} unchanged` }),
    ).toBeVisible()
    await expect(
      dialog.getByRole('row', { name: 'Additional origins https://b.test unchanged' }),
    ).toBeVisible()
    await dialog.getByRole('button', { name: 'Keep my changes' }).click()
    await expect(page.getByText('App settings saved')).toBeVisible()
    expect(await savedBy(server)).toMatchObject({ ...theirs, name: 'Mine' })

    await name.fill('Mine again')
    await server.manage('PATCH', '/settings', { name: 'Theirs' })
    await save.click()
    await dialog.getByRole('button', { name: 'Use theirs' }).click()
    await expect(name).toHaveValue('Theirs')
    expect(await savedBy(server)).toMatchObject({ ...theirs, name: 'Theirs' })
  },
)

test('sets who learns that a user exists, and the fields that users change themselves', async ({
  page,
  server,
  admin,
}) => {
  const save = page.getByRole('button', { name: 'Save changes' })
  const fields = page.getByRole('group', { name: 'Fields that users may change themselves' })
  await admin.visit(`/apps/${SessionServer.appId}/settings`)

  await page.getByRole('combobox', { name: 'Who learns that a user exists' }).click()
  await page.getByRole('option', { name: 'Nobody: uniform answers' }).click()
  await fields.getByRole('button', { name: 'Add a field' }).click()
  await expect(save).toBeDisabled()
  await expect(fields.getByRole('textbox', { name: 'Label' })).toHaveAccessibleDescription(
    'must not be empty',
  )
  await fields.getByRole('textbox', { name: 'Field' }).fill('newsletter')
  await fields.getByRole('textbox', { name: 'Label' }).fill('Newsletter')
  await fields.getByRole('combobox', { name: 'Type' }).click()
  await page.getByRole('option', { name: 'Yes or no' }).click()
  await fields.getByRole('button', { name: 'Add a field' }).click()
  await fields.getByRole('textbox', { name: 'Field' }).last().fill('newsletter')
  await fields.getByRole('textbox', { name: 'Label' }).last().fill('Birthday')
  await expect(fields.getByRole('textbox', { name: 'Field' }).last()).toHaveAccessibleDescription(
    /another name/,
  )
  await fields.getByRole('textbox', { name: 'Field' }).last().fill('birthday')
  expect((await accessibility(page).analyze()).violations).toEqual([])
  await save.click()
  await expect(page.getByText('App settings saved')).toBeVisible()
  const newsletter = { field_name: 'newsletter', friendly_name: 'Newsletter', type: 'boolean' }
  const birthday = { field_name: 'birthday', friendly_name: 'Birthday', type: 'string' }
  expect(await savedBy(server)).toMatchObject({
    user_lookup: 'uniform',
    user_metadata_schema: [newsletter, birthday],
  })

  // Somebody else saves another change meanwhile. Both versions are shown.
  await fields.getByRole('button', { name: 'Remove the field birthday' }).click()
  await server.manage('PATCH', '/settings', { user_lookup: 'exact' })
  await save.click()
  const dialog = page.getByRole('dialog')
  await expect(
    dialog.getByRole('row', { name: 'Who learns that a user exists Everybody unchanged' }),
  ).toBeVisible()
  await expect(
    dialog.getByRole('row', { name: /Newsletter \(newsletter, Yes or no\), Birthday .* Newsletter/ }),
  ).toBeVisible()
  await dialog.getByRole('button', { name: 'Keep my changes' }).click()
  await expect
    .poll(() => savedBy(server))
    .toMatchObject({ user_lookup: 'exact', user_metadata_schema: [{ ...newsletter }] })
})
