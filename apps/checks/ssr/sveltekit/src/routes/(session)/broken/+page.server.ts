import { error, type ServerLoad } from '@sveltejs/kit'

export const load: ServerLoad = () => error(503)
