import type { Routes } from '@angular/router'
import { authTokenGuard } from '@tokenkeep/angular'
import { AccountPage } from './account-page'
import { CallsPage } from './calls-page'
import { ClientPage } from './client-page'
import { SessionPage } from './session-page'
import { SignInPage } from './sign-in-page'

export const routes: Routes = [
  { path: '', pathMatch: 'full', component: SessionPage },
  { path: 'calls', component: CallsPage },
  { path: 'client', component: ClientPage },
  { path: 'account', component: AccountPage, canActivate: [authTokenGuard] },
  { path: 'sign-in', component: SignInPage },
  { path: '**', redirectTo: '' },
]
