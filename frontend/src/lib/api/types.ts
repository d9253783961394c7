/**
 * Short names for what travels over HTTP; the shapes are made from the server's own.
 * Times are ISO 8601 in UTC; `original`, `start`, `local` are wall time.
 */
import type { components } from './schema.js';

type Shapes = components['schemas'];

export type Person = Shapes['PersonView'];
export type Detail = Person['detail'];
export type SignIn = Shapes['SignedInView'];
export type Passkey = Shapes['PasskeyView'];
export type Who = Shapes['WhoView'];

export type Circle = Shapes['CircleView'];
export type NewCircle = Shapes['NewCircle'];
export type CircleChange = Shapes['CircleChange'];
export type Member = Shapes['MemberView'];
export type Invited = Shapes['InvitedView'];
export type OpenCircle = Shapes['OpenCircleView'];

export type Series = Shapes['SeriesView'];
export type Occurrence = Shapes['OccurrenceView'];
export type Rule = Shapes['RuleShape'];
/** Without a rule: once. */
export type Plan = Omit<Shapes['NewSeries'], 'title'>;
export type Preview = Shapes['PreviewView'];
export type ChangeWish = Omit<Shapes['ChangeShape'], 'dry'>;
export type Changed = Shapes['ChangedView'];
/** What a change would bring: who hears of it, what becomes of the plan. */
export type Means = Shapes['MeansView'];

export type Upcoming = Shapes['UpcomingView'];
export type AnswerDate = Shapes['DateToAnswer'];
export type Answer = Shapes['AnswerShape']['answer'];

export type JoinLook = Shapes['DoorView'];
