// This is the app's own sign-in. It checks who the user is (not shown), and then opens a session with its API key.
export async function POST(): Promise<Response> {
  const { TOKENKEEP_URL, TOKENKEEP_API_KEY, TOKENKEEP_USER_ID } = process.env
  const response = await fetch(`${TOKENKEEP_URL}/v1/apps/demo/users/${TOKENKEEP_USER_ID}/sessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKENKEEP_API_KEY}` },
  })
  const { auth_result } = (await response.json()) as { auth_result: object }
  return Response.json(auth_result, { headers: { 'cache-control': 'no-store' } })
}
