'use client'

import { RequireAuth, useAuthToken } from '@tokenkeep/react'

export const Who = () => {
  const { state, signIn, signOut } = useAuthToken()
  const enter = async () => {
    const response = await fetch('/session', { method: 'POST' })
    await signIn(await response.json())
  }
  return (
    <>
      <p data-testid="state">{state.status}</p>
      {/* The server renders `pending`. The browser shows it until the manager has read the storage. */}
      <RequireAuth
        pending={<p>One moment…</p>}
        fallback={
          <button type="button" onClick={() => void enter()}>
            Sign in
          </button>
        }
      >
        <button type="button" onClick={() => void signOut()}>
          Sign out
        </button>
      </RequireAuth>
    </>
  )
}
