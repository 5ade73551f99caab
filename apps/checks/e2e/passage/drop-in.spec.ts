import { expect } from '@playwright/test'
import type * as DropIn from '@tokenkeep/passage'
import { passageTest } from '../src/passage-fixtures.ts'
import { passElevenMinutes } from '../src/pass-time.ts'

declare const window: Window & { readonly dropIn: typeof DropIn }

const script = `
  import * as dropIn from '@tokenkeep/passage'
  Object.assign(globalThis, { dropIn })
`
const test = passageTest.extend({ scripts: { '/app': script } })

test.describe('@tokenkeep/passage', () => {
  test.beforeEach(async ({ app, url, server }) => {
    await app.goto(`${url}/app`)
    await app.waitForFunction(() => 'dropIn' in window)
    await app.evaluate(
      (address) => window.dropIn.configurePassage({ url: address, appId: 'demo' }),
      server.url,
    )
  })

  test('Passage: register, login, identifierExists, appInfo, the session and the user (case I10)', async ({
    app,
  }) => {
    const seen = await app.evaluate(async () => {
      const passage = new window.dropIn.Passage('demo')
      const nobody = await passage.identifierExists('ada@example.com')
      const { auth_token } = await passage.register('ada@example.com')
      const somebody = await passage.identifierExists('ada@example.com')
      const kept = await passage.getCurrentSession().getAuthToken()
      const out = await passage.getCurrentSession().signOut()
      const login = await passage.login('ada@example.com')
      const info = await passage.getCurrentUser().userInfo()
      const { name } = await passage.appInfo()
      const taken = await passage.register('ada@example.com').catch((error: unknown) => error)
      return {
        nobody,
        hasPasskey: somebody!.hasPasskey,
        isKept: kept === auth_token,
        out,
        sameUser: login.user_id === info!.id,
        name,
        taken: (taken as DropIn.PassageError).statusCode,
      }
    })
    expect(seen).toEqual({
      nobody: null,
      hasPasskey: true,
      isKept: true,
      out: true,
      sameUser: true,
      name: 'Shop',
      taken: 409,
    })
  })

  test(
    'User: passkeys, metadata and the refusals (case I10)',
    { tag: ['@full'] },
    async ({ app, otherDevice }) => {
      await app.evaluate(() => new window.dropIn.Passage('demo').register('ada@example.com'))
      await otherDevice()
      const seen = await app.evaluate(async () => {
        const user = new window.dropIn.User('demo')
        const statusOf = (call: Promise<unknown>) =>
          call.then(
            () => 200,
            ({ statusCode }: DropIn.PassageError) => statusCode,
          )
        const [first] = await user.listDevices()
        const added = await user.addDevice()
        const { friendly_name } = await user.editDevice(added.id, { friendly_name: 'Laptop' })
        const names = (await user.listDevices()).map((device) => device.friendly_name)
        return {
          friendly_name,
          names,
          deleted: await user.deleteDevice(first!),
          last: await statusOf(user.deleteDevice(added.id)),
          changed: (await user.updateMetadata({ town: 'Turin' })).user_metadata,
          metadata: await user.getMetadata(),
          forbidden: await statusOf(user.updateMetadata({ role: 'admin' })),
          email: await statusOf(user.changeEmail('b@example.com')),
          phone: await statusOf(user.changePhone('+15005550001')),
        }
      })
      expect(seen).toEqual({
        friendly_name: 'Laptop',
        names: ['Passkey', 'Laptop'],
        deleted: true,
        last: 409,
        changed: { town: 'Turin' },
        metadata: { town: 'Turin' },
        forbidden: 403,
        email: 403,
        phone: 403,
      })
    },
  )

  test(
    'User: deleteDevice lets the user confirm with a passkey if the sign-in is old (T25)',
    { tag: ['@full'] },
    async ({ app, otherDevice, server }) => {
      await app.evaluate(() => new window.dropIn.Passage('demo').register('ada@example.com'))
      await otherDevice()
      await app.evaluate(() => new window.dropIn.User('demo').addDevice())
      passElevenMinutes(server)
      const seen = await app.evaluate(async () => {
        const user = new window.dropIn.User('demo')
        const [first] = await user.listDevices()
        return [await user.deleteDevice(first!), (await user.listDevices()).length]
      })
      expect(seen).toEqual([true, 1])
    },
  )

  test(
    'PassageTokenStore: stands for the session of this browser (case I10)',
    { tag: ['@full'] },
    async ({ app, server }) => {
      const seen = await app.evaluate(async () => {
        const { Passage, PassageTokenStore, Session } = window.dropIn
        const store = new PassageTokenStore()
        const before = await store.getAuthToken().catch(({ statusCode }: DropIn.PassageError) => statusCode)
        const result = await new Passage('demo', { tokenStore: store }).register('ada@example.com')
        const tokens = [await store.getAuthToken(), await store.getRefreshToken()]
        const guard = await new Session('demo', store).authGuard()
        await store.clearTokens()
        return {
          before,
          isSame: tokens[0] === result.auth_token && tokens[1] === result.refresh_token,
          guard,
          after: await new Session('demo').authGuard(),
          refresh_token: result.refresh_token!,
        }
      })
      expect(seen).toMatchObject({ before: 704, isSame: true, guard: true, after: false })
      await expect.poll(() => server.refreshStatus(seen.refresh_token)).toBe(401)
    },
  )
})
