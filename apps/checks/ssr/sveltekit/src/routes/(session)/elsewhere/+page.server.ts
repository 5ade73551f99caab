import { redirect, type ServerLoad } from '@sveltejs/kit'

export const load: ServerLoad = ({ cookies }) => {
  cookies.set('other', '1', { path: '/' })
  redirect(303, '/page')
}
