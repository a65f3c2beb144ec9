"""Widgets shared by the screens. They know the theme and the words, never a screen.

Import each from its own module: this package imports nothing, so that the first window stays light.
All are reached by keyboard, carry an accessible name, and never speak by colour alone. Give an
object name (`setObjectName`) to what tests reach. French texts are literals of the caller; a
mnemonic (`"&Commune"`) gives Alt+letter.

choices.py
    Choice(code: str, label: str, hint: str = "")           frozen value
    NOT_SAID = Choice(code="non_communique", label="Non communiqué")
    ChoiceRow(name: str, choices: Sequence[Choice], *, not_said=False)    one of them (radio)
        signal chosen(str); value() -> str | None; set_value(code | None); set_choices(choices)
    ChoiceChips(name: str, choices: Sequence[Choice], *, not_said=False)   several of them
        signal changed(); values() -> tuple[str, ...]; set_values(codes); set_choices(choices)
    ChoiceRow.offer(choices, code): other choices only if their words changed; the focus stays
    Both: Tab enters once, arrows walk (and choose in a row), digits 1 to 9 choose (also unshifted
    on a French keyboard), 0 is « Non communiqué », a letter walks to the next label it starts.
    Signals are sent for what the user does, never for set_*.

labelled_field.py
    LabelledField(label: str, field: QWidget, *, hint: str = "")
        field; set_error(text), "" clears, announced; set_missing(bool): « manquant pour envoyer »
        set_note(name, text): calm words under the field, "" takes them away; note(name)
text_watch.py
    TextWatch(labelled, field: QLineEdit | QPlainTextEdit, words: SensitiveWords | None = None)
        every field of free text has one: masks numbers that may not be kept, reminds who may read

growing_text.py
    GrowingText(name: str, *, lines=2, most_lines=12)        QPlainTextEdit that grows
        signal paused(str), 400 ms after typing stops or when leaving; text(); set_text(text);
        flush() sends it now
pausing_line.py
    PausingLine(name: str)                       QLineEdit with the same paused(str) and flush()

date_field.py
    DateField(name: str, *, span: DateSpan)                  12031978, 12/3/78, « 12 mars 1978 »
        signal date_changed(object: date | None); value(); set_value(date | None); text();
        set_text(text); is_readable() -> bool. Shows the date understood, offers the swapped one.
date_text.py (no Qt)
    DateSpan(earliest: date, latest: date); DateSpan.of_births(today); DateSpan.around(today)
    read_date(text, span) -> ReadDate(day, swapped); raises DateTextError(problem)
    long_date(day) -> « 12 mars 1978 »; short_date(day) -> « mar. 24 nov. »

suggest_field.py
    Suggestion(label: str, value: object, detail: str = "", icon: str = "")
    SuggestField(name: str, *, placeholder="", takes_first=False)
        signals query_changed(str), chosen(object: the value), submitted(str: Enter, none chosen)
        show_suggestions(list, *, query: str | None = None); hide_suggestions(); text();
        set_text(text) (silent); line: QLineEdit. `takes_first`: Enter takes the first row.

toast.py
    Toast(window: QWidget, *, clear_px=48)       `clear_px`: the room left free under it
        offer(text, undo: Callable[[], None] | None = None, *, label="Rétablir"); close_toast()
        Ctrl+Z outside a text field undoes. The newest replaces the one shown.
inline_notice.py
    NoticeKind.INFO | DONE | ATTENTION | REFUSAL
    InlineNotice()                                           calm message in place of a dialog
        show_notice(kind, text, action=""); hide_notice(); set_words(text), silent;
        can_be_dismissed(bool); signals action_wanted(), dismissed()
empty_state.py
    EmptyState(icon: str, sentence: str, first_step: str = "", action: str = "")
        signal action_wanted(); set_sentence(sentence, first_step)
section_card.py
    SectionCard(title: str = "", *, trailing: QWidget | None = None)   `add(widget)`, `add_layout`,
        body: QVBoxLayout, set_title(text)
status_line.py
    StatusLine()     set_words(text), words(); signal details_wanted() (a click or Enter on it)
row_list.py (model in snapshot_model.py)
    Column[T](title, text: Callable[[T], str], sort_key=None, stretches=False, right=False)
    SnapshotModel[T](columns, *, key: Callable[[T], Hashable] | None): set_rows(rows), row_at(int),
        RAW_ROLE gives the value to sort by
    RowList[T](name: str, columns, *, key=None)              QTableView over model and proxy
        signals opened(object: the row), selected(object: the row or None); set_rows(rows);
        set_filter(text); selected_row(); select_key(key); rows_shown() -> int. Enter opens.
    A cell too narrow says its words in a tool tip; rows follow the size of the text.
spoken_list.py
    SpokenRow         protocol of a painted row: key, spoken (read aloud), tip
    SpokenRows[R]     list model of a snapshot; ROW_ROLE gives the row
    SpokenList[R](name, opens_on_click=)     QListView; signals opened(object: the row),
        selected(object: the row or None); set_rows(rows), rows(), selected_row(), select_key(key)
row_ground.py
    paint_ground(painter, option, edge_px=) -> inks; paint_mark(painter, rect, badge, edge_px=)
        what lies under the words of a painted row, and its icon
shown_list.py (no Qt)
    ShownList    a list that Ctrl+Shift+E may save: shown_table() gives what is seen
page_values.py (no Qt)
    Fact(label, value, note=""); Badge(text, icon="", colour="soft"); TimelineEntry(title, when,
        icon, colour, who, quote, lines, badges)             what presenters give to the next five
    PastImport(key, title, about, undo)
past_imports.py
    PastImports(title, none=, prefix=, take_focus=)   imports made before, « Défaire » in two steps
        show_imports(past); signals undone(object: the key), grew()
entry_correction.py (no Qt)
    Typed, typed_of(entry, today), corrected_fields(before, typed, today), hours_read(hours)
    EntryCorrecting(view, correct, runner, today)     read_hours(typed); send(...): a correction of
        the directory; unchanged, the entry is vouched for; refusals beside the field
entry_form.py
    EntryForm(prefix, opens=, vouches=, corrects=)    add_line, add_hours, add_end, add_gone;
        show_typed(typed), fill(typed); signals wanted(), sent(before, typed), hours_typed(str)
fact_grid.py
    FactGrid(name="", *, label_px=170)           names and values; set_facts(facts), facts()
badge_label.py
    BadgeLabel(badge: Badge | None)                          a state in words; set_badge, text()
timeline.py
    Timeline(name)                       what happened, dated; set_entries(entries), entries()
fitted.py
    Fitted            says in fit() how parts are arranged by width and size of text; has_room(px)
    turn(box, is_wide=, side_first=False)    side by side, or one under the other
scroll_page.py
    scrolling(part) -> QScrollArea           takes the room there is, scrolls when it must
    ScrollPage(*, most_px=1180)          a page that scrolls, no wider than is read; to_top()
two_columns.py
    TwoColumns(*, side_first=False)      add_main(widget), add_side(widget); one under the other
        when the room is narrow; is_wide()
centred_card.py
    centred_card(inside: QVBoxLayout, *, most_px, above, below)    a card alone in a window
eliding_button.py
    ElidingButton   a push button whose words end with « … » where there is no room
beside_or_under.py
    BesideOrUnder(read: QLayout, pressed: QWidget)           what is pressed goes under when narrow
referral_words.py (no Qt)
    status_badge(status, label), telephone_words(number)
history_words.py (no Qt)
    history_entries(steps, label), change_words(change, label)    what became of a referral
state_words.py (no Qt)
    state_badge(state), referral_state_badge(state, status), state_words(state)    how far a record
        has got on its way to others: the same words on every screen
rights_words.py (no Qt)
    due_words(clock), sensitive_words(code, label), agreed_by_words(code, label)    what people ask
        about their data and what they agreed to: the same words on screens, papers and commands
two_steps.py
    OpeningForm(prefix, opens=, sends=)       fields behind a button, in place: Ctrl+Enter, Escape
    TwoSteps(prefix, asks=, does=, keeps=)    what is not undone, in place: why, then the button
dialogs.py
    Dialogs(open_file, save_file, choose_printer)    the system's own windows; tests give answers
file_field.py
    FileField(name, asks=, ask=)         a file to choose, as a field
code_groups.py
    CodeGroups(name)                     a code in large groups of signs, heard sign by sign
qr_picture.py
    QrPicture(name)                      a QR code to photograph, dark on white in every theme
paper.py
    print_code(paper, device), pdf_of(paper)    one page: a title, a code in groups, sentences
kept_focus.py
    focus_kept_in(part, take_focus)      context in which controls of `part` go and come: the page
        does not scroll away from them
tab_chain.py
    put_after(before, part)                  Tab reaches what was made later where it stands
floating_panel.py
    FloatingPanel(window)                    over the window: float_over(first), put_away(); place()
emptying.py
    empty(layout)                            what a layout shows goes away, to fill it again
keys_within.py
    grant_within(part, keys, wish)           keys that mean something inside one part
keys_overlay.py
    KeyHint(keys: str, does: str)                            « Ctrl+Entrée », « terminer »
    KeysOverlay(window: QWidget)     show_keys(title, hints); hide_keys(); closed by F1 or Escape
flow_layout.py
    FlowLayout(parent=None, *, gap=8)                        wraps like words of a text
    wrapped(*parts, gap=12) -> QWidget                       buttons that wrap so
buttons.py
    main_button(text, icon=""), quiet_button(text, icon=""), link_button(text),
    icon_button(icon, name)                                  name is read aloud and is the tool tip
labels.py
    heading(text, level=1|2|3), words(text, kind="body"|"soft"|"strong"|"small"|"figure")
    IconLabel(icon, colour="text", size=20)                  decoration, ignored by readers
announcements.py
    announce(widget, text)                       said by the screen reader, shown nowhere
digit_keys.py
    digit_of(event: QKeyEvent) -> int | None                 also & é " ' ( - è _ ç à
"""
