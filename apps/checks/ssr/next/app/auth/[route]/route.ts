import { sessions } from '../../../../app/sessions.ts'

export const POST = sessions.handler
