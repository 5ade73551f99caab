// This is the app's own sign-in. It checks who the user is (not shown), and then opens a session with its API key.
export default defineEventHandler(async (event) => {
  const { tokenkeepApiKey, tokenkeepUserId, public: open } = useRuntimeConfig(event)
  const { auth_result } = await $fetch<{ auth_result: object }>(
    `${open.tokenkeepUrl}/v1/apps/demo/users/${tokenkeepUserId}/sessions`,
    { method: 'POST', headers: { authorization: `Bearer ${tokenkeepApiKey}` } },
  )
  setResponseHeader(event, 'cache-control', 'no-store')
  return auth_result
})
