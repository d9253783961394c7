/** A month as FullCalendar draws it; loaded only when somebody opens it. */
import { Calendar, type EventInput } from 'fullcalendar';
import dayGrid from 'fullcalendar/daygrid';
import 'fullcalendar/skeleton.css';

export interface MonthEvent {
	/** Where it leads. */
	url: string;
	/** Instants. */
	start: string;
	end: string;
	/** What stands on the day, in one line or two, and what those hear who do not see it. */
	words: string;
	heard: string;
	off: boolean;
}

export interface MonthSettings {
	/** "he-IL": for what the grid says to those who hear it. */
	locale: string;
	weekWord: string;
	direction: 'ltr' | 'rtl';
	/** 0 is Sunday. */
	firstDay: number;
	/** Names of the days, Sunday first. */
	weekdays: readonly (readonly [narrow: string, short: string, long: string])[];
	/** "Tuesday 9 March" */
	heardDay: (day: Date) => string;
	/** Called with the instants between which the month shows days. */
	onmonth: (month: Date, after: Date, before: Date) => void;
}

export interface Month {
	show: (events: readonly MonthEvent[]) => void;
	turn: (by: 1 | -1) => void;
	end: () => void;
}

export function drawMonth(place: HTMLElement, first: Date, settings: MonthSettings): Month {
	const calendar = new Calendar(place, {
		plugins: [dayGrid],
		initialView: 'dayGridMonth',
		initialDate: first,
		headerToolbar: false,
		height: 'auto',
		fixedWeekCount: false,
		locale: settings.locale,
		weekTextLong: settings.weekWord,
		direction: settings.direction,
		firstDay: settings.firstDay,
		eventDisplay: 'block',
		dayHeaderAlign: 'center',
		dayHeaderContent: ({ dow, isNarrow }) => {
			const [narrow = '', short = '', long = ''] = settings.weekdays[dow] ?? [];
			return twice(isNarrow ? narrow : short, long);
		},
		dayCellTopContent: ({ date, dayNumberText }) => twice(dayNumberText, settings.heardDay(date)),
		dayHeaderDidMount: ({ el }) => speakForItself(el),
		dayCellDidMount: ({ el }) => speakForItself(el),
		eventContent: ({ event, isNarrow }) => linesOf(event.title.split('\n'), isNarrow),
		eventDidMount: ({ event, el }) => el.setAttribute('aria-label', String(event.extendedProps['heard'])),
		datesSet: ({ view }) => settings.onmonth(view.currentStart, view.activeStart, view.activeEnd),
		className: 'month',
		dayHeaderClass: 'month-weekday',
		dayRowClass: 'month-row',
		dayCellClass: ({ isToday, isOther }) =>
			['month-day', isToday && 'month-today', isOther && 'month-other'].filter(Boolean).join(' '),
		dayCellTopClass: 'month-number',
		eventClass: ({ event }) => (event.extendedProps['off'] ? 'month-event month-off' : 'month-event'),
	});
	calendar.render();
	return {
		show: (events) => {
			calendar.removeAllEvents();
			for (const event of events) calendar.addEvent(inputOf(event));
		},
		turn: (by) => (by === 1 ? calendar.next() : calendar.prev()),
		end: () => calendar.destroy(),
	};
}

/** Where there is little room, the time alone; the state is heard, and seen by its look. */
function linesOf([time = '', state = '']: string[], narrow: boolean): { domNodes: Node[] } {
	const lines = narrow || !state ? [time] : [time, state];
	return {
		domNodes: lines.map((line, index) => {
			const part = document.createElement('div');
			part.textContent = line;
			if (index > 0) part.className = 'month-state';
			return part;
		}),
	};
}

/** Short to the eye, in full to the ear. */
function twice(seen: string, heard: string): { domNodes: Node[] } {
	const [eye, ear] = [document.createElement('span'), document.createElement('span')];
	[eye.textContent, ear.textContent] = [seen, heard];
	eye.setAttribute('aria-hidden', 'true');
	ear.className = 'only-heard';
	return { domNodes: [eye, ear] };
}

/** A label on a cell would hide from screen readers what the cell holds: its events. */
function speakForItself(cell: HTMLElement): void {
	cell.removeAttribute('aria-label');
	cell.querySelector('div[aria-hidden]')?.removeAttribute('aria-hidden');
}

function inputOf({ url, start, end, words, heard, off }: MonthEvent): EventInput {
	return { url, start, end, title: words, heard, off };
}
