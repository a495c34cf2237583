// Rows of members against plain loops, for kernels.c, which includes this after what it uses here.
//
// The members of an input's rows follow from its first byte: their order, their types, and which of their values can be null.

static const char *const null_texts[] = {"", "NA", "0", "2024-02-29", "1234567890", "-999"};
enum { NULL_TEXTS = sizeof null_texts / sizeof *null_texts, MOST_MEMBERS = MOST_COLUMNS + 4, LONGEST_INPUT = 500 };
static const char *const words[] = {"no", "0", "yes", "1", "disabled"};
enum { WORDS = sizeof words / sizeof *words, FALSE_WORDS = 2 };

typedef struct {
    sluice_members all;
    sluice_member members[2 * MOST_MEMBERS];
    sluice_key keys[MOST_MEMBERS], plain_keys[MOST_MEMBERS + 1], nulls[NULL_TEXTS];
    sluice_number_range ranges[MOST_COLUMNS];
    sluice_word words[1 << (64 - SLUICE_WORD_SHIFT)];
    uint64_t multiplier;
    uint8_t texts[MOST_MEMBERS * LONGEST_KEY], null_bytes[NULL_TEXTS * 64], end[64];
    uint8_t plain_texts[(MOST_MEMBERS + 1) * LONGEST_KEY];
} member_format;

static int is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static int are_all_digits(const uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!is_digit(bytes[i])) return 0;
    }
    return count > 0;
}

static int matches_number(const uint8_t *bytes, size_t count, size_t most, int has_fraction) {
    size_t sign = count > 0 && bytes[0] == '-';
    bytes += sign, count -= sign;
    size_t whole = 0;
    while (whole < count && is_digit(bytes[whole])) whole++;
    if (count > most || whole == 0 || (bytes[0] == '0' && whole > 1)) return 0;
    return whole == count || (has_fraction && bytes[whole] == '.' && are_all_digits(bytes + whole + 1, count - whole - 1));
}

static int number_at(const uint8_t *bytes, size_t count) {
    int number = 0;
    for (size_t i = 0; i < count; i++) number = 10 * number + bytes[i] - '0';
    return number;
}

// Whether each digit of the form stands for one, and anything else for itself.
static int has_form(const char *form, const uint8_t *bytes, size_t count) {
    if (count != strlen(form)) return 0;
    for (size_t i = 0; i < count; i++) {
        if (form[i] == '0' ? !is_digit(bytes[i]) : form[i] != (char)bytes[i]) return 0;
    }
    return 1;
}

static int matches_date(const uint8_t *bytes, size_t count) {
    if (!has_form("0000-00-00", bytes, count)) return 0;
    int year = number_at(bytes, 4), month = number_at(bytes + 5, 2), day = number_at(bytes + 8, 2);
    int is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    int days = month == 2 ? 28 + is_leap : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= days;
}

static int matches_time(const uint8_t *bytes, size_t count) {
    return has_form("00:00:00", bytes, count) && number_at(bytes, 2) < 24 && number_at(bytes + 3, 2) < 60 &&
           number_at(bytes + 6, 2) < 60;
}

static int matches_datetime(const uint8_t *bytes, size_t count) {
    if (count == 20 && bytes[19] == 'Z') count--;
    return count == 19 && bytes[10] == 'T' && matches_date(bytes, 10) && matches_time(bytes + 11, 8);
}

static int matches(const sluice_member *member, const uint8_t *bytes, size_t count) {
    switch (member->type) {
    case SLUICE_VALUE_INTEGER: return matches_number(bytes, count, member->most_digits, 0);
    case SLUICE_VALUE_NUMBER: return matches_number(bytes, count, member->most_digits, 1);
    case SLUICE_VALUE_DATE: return matches_date(bytes, count);
    case SLUICE_VALUE_TIME: return matches_time(bytes, count);
    case SLUICE_VALUE_DATETIME: return matches_datetime(bytes, count);
    default: return has_form("0000", bytes, count) && bytes[0] != '0';
    }
}

// In rows that can be plain: strings that are null at most if they are empty, integers, numbers.
static void set_plain_member(member_format *rows, sluice_member *member, uint32_t column, unsigned choice) {
    static const uint8_t types[] = {SLUICE_VALUE_STRING, SLUICE_VALUE_INTEGER, SLUICE_VALUE_NUMBER};
    *member =
        (sluice_member){.column = column, .type = types[choice % 3], .usual_type = types[choice % 3], .most_digits = SIZE_MAX / 2};
    if (choice % 6 != 3) return;
    member->nulls = rows->nulls;
    member->null_count = member->null_lengths = 1;
    member->usual_type = SLUICE_VALUE_NULLABLE;
    member->is_required = choice % 7 == 0;
    member->keeps_quoted_empty = choice % 4 == 0;
}

static void set_member(member_format *rows, sluice_member *member, uint32_t column, unsigned choice) {
    if (choice % 3 == 0) {
        set_plain_member(rows, member, column, choice / 3);
        return;
    }
    // clang-format off
    *member = (sluice_member){.column = column, .type = (uint8_t)(choice % 8), .usual_type = (uint8_t)(choice % 8),
                              .is_required = choice % 13 == 0, .keeps_quoted_empty = choice % 3 == 0, .words = rows->words,
                              .multiplier = rows->multiplier, .most_digits = choice % 5 ? SIZE_MAX / 2 : 15};
    // clang-format on
    int kind = choice % 4;
    if (kind == 0) return;
    // No null text, the empty one, two that are not digits, or all.
    member->nulls = rows->nulls;
    member->null_count = kind == 1 ? 1 : kind == 2 ? 2 : NULL_TEXTS;
    for (size_t i = 0; i < member->null_count; i++) member->null_lengths |= 1ull << rows->nulls[i].length;
    if (member->type == SLUICE_VALUE_STRING) member->usual_type = SLUICE_VALUE_NULLABLE;
    else if (kind == 3) member->usual_type = SLUICE_VALUE_CAREFUL;
}

static int is_in_range(const sluice_member *member) { return member->sure_type == SLUICE_VALUE_SURE; }

static int is_plain(const sluice_member *member) {
    return is_in_range(member) || (member->type == SLUICE_VALUE_STRING && member->null_lengths <= 1);
}

// Puts members that are in no range first. Returns how many these are.
static size_t put_unsure_first(sluice_member *members, size_t count) {
    size_t unsure = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_in_range(&members[i])) continue;
        sluice_member member = members[i];
        memmove(&members[unsure + 1], &members[unsure], (i - unsure) * sizeof *members);
        members[unsure++] = member;
    }
    return unsure;
}

// Finds the ranges of numbers, and makes the texts of plain rows.
static void set_ranges(member_format *made, const input *in, size_t width) {
    static const char parts[] = "0123456789-.";
    sluice_members *all = &made->all;
    int finds = !memchr(parts, in->dialect.delimiter, 12) && !memchr(parts, in->dialect.quote, 12), are_plain = 1;
    const sluice_member *of[MOST_COLUMNS] = {0};
    for (size_t i = 0; i < all->count + all->unwritten_count; i++) {
        sluice_member *member = &made->members[i];
        int is_number = member->usual_type == SLUICE_VALUE_INTEGER || member->usual_type == SLUICE_VALUE_NUMBER;
        member->sure_type = finds && is_number && member->most_digits > 15 ? SLUICE_VALUE_SURE : member->usual_type;
        if (i < all->count) are_plain &= is_plain(member);
    }
    all->unwritten_unsure = put_unsure_first(made->members + all->count, all->unwritten_count);
    for (size_t i = 0; i < all->count + all->unwritten_count; i++) {
        if (is_in_range(&made->members[i])) of[made->members[i].column] = &made->members[i];
    }
    all->ranges = made->ranges;
    for (size_t column = 0; column < width; column++) {
        if (!of[column]) continue;
        uint32_t has_points = of[column]->type == SLUICE_VALUE_NUMBER;
        all->has_points |= has_points;
        sluice_number_range *next = &made->ranges[all->range_count];
        if (all->range_count && next[-1].last + 1 == column && next[-1].has_points == has_points) {
            next[-1].last++;
        } else {
            *next = (sluice_number_range){(uint32_t)column, (uint32_t)column, has_points};
            all->range_count++;
        }
    }
    if (!are_plain || all->omits_null || all->omits_empty) return;
    for (size_t i = 0; i <= all->count; i++) {
        uint8_t *text = made->plain_texts + LONGEST_KEY * i;
        const uint8_t *key = i < all->count ? made->keys[i].text : made->end;
        size_t length = i < all->count ? made->keys[i].length : 11, quote = 0;
        if (i > 0 && made->members[i - 1].type == SLUICE_VALUE_STRING) quote = all->quote_length;
        memcpy(text, all->quote, quote);
        memcpy(text + quote, key, length);
        made->plain_keys[i] = (sluice_key){text, quote + length};
    }
    all->plain_texts = made->plain_keys;
}

// Finds a multiplier that puts each word in a place of its own.
static void place_words(member_format *made) {
    for (made->multiplier = 0x9E3779B97F4A7C15;; made->multiplier = made->multiplier * 0xD1342543DE82EF95 | 1) {
        memset(made->words, 0, sizeof made->words);
        size_t placed = 0;
        for (; placed < WORDS; placed++) {
            sluice_word word = {.length = (uint8_t)strlen(words[placed]), .value = placed >= FALSE_WORDS};
            memcpy(&word.text, words[placed], strlen(words[placed]));
            sluice_word *place = &made->words[word.text * made->multiplier >> SLUICE_WORD_SHIFT];
            if (place->length) break;
            *place = word;
        }
        if (placed == WORDS) return;
    }
}

static member_format *member_format_of(const input *in, row_format *rows, size_t width, unsigned choice) {
    member_format *made = allocate(sizeof *made);
    sluice_members *all = &made->all;
    int omits = choice & 1, is_nested = rows->format.is_nested;
    // clang-format off
    *all = (sluice_members){.members = made->members, .quote = {is_nested ? '\\' : '"', is_nested ? '"' : 0},
                            .quote_length = (uint8_t)(1 + is_nested), .counts_lines = 1, .bare_cr = in->dialect.bare_cr,
                            .delimiter = in->dialect.delimiter,
                            .omits_null = (uint8_t)omits, .omits_empty = choice % 3 == 0,
                            .is_in_order = choice % 4 == 0};
    // clang-format on
    int is_in_order = all->is_in_order, are_plain = choice % 8 < 4;
    for (size_t i = 0; i < NULL_TEXTS; i++) {
        made->nulls[i] = (sluice_key){made->null_bytes + 64 * i, strlen(null_texts[i])};
        memcpy(made->null_bytes + 64 * i, null_texts[i], strlen(null_texts[i]));
    }
    place_words(made);
    // In order all columns are written, otherwise some, from the last to the first, and what no field holds.
    for (size_t i = 0; i < width; i++) {
        size_t column = is_in_order ? i : width - 1 - i;
        unsigned chosen = are_plain ? 3 * (choice + (unsigned)i) : choice + 5 * (unsigned)i;
        if (is_in_order || (choice + i) % 3) set_member(made, &made->members[all->count++], (uint32_t)column, chosen);
    }
    for (unsigned type = SLUICE_VALUE_RECORD; !is_in_order && !are_plain && type <= SLUICE_VALUE_NONE; type++) {
        if (all->count == MOST_MEMBERS) break;
        made->members[all->count++] = (sluice_member){.type = (uint8_t)type, .usual_type = (uint8_t)type};
    }
    all->unwritten = made->members + all->count;
    for (size_t i = 0; i < width && !is_in_order; i++) {
        if ((choice + i) % 3 == 0) {
            sluice_member *member = &made->members[all->count + all->unwritten_count++];
            set_member(made, member, (uint32_t)(width - 1 - i), choice + 5 * (unsigned)i);
        }
    }
    rows->format.keys = made->keys;
    rows->format.least = rows->format.least_added = 0;
    for (size_t i = 0; i < all->count; i++) {
        size_t length = 6 + 27 * (i % 3);
        uint8_t *text = made->texts + LONGEST_KEY * i;
        memset(text, 'a' + (int)(i % 26), length);
        made->keys[i] = (sluice_key){text, length};
        made->members[i].text_length = (uint32_t)length;
        made->members[i].text_added = (uint32_t)is_nested;
        // More than a value without bytes can become.
        rows->format.least += length + 24;
        rows->format.least_added += (size_t)is_nested;
    }
    memcpy(made->end, "}}}}}}}}}}\n", 11);
    rows->format.end_text = made->end;
    rows->format.end_length = 11;
    rows->format.least += 12;
    set_ranges(made, in, width);
    return made;
}

// Writes a member's value with plain loops. Returns NULL if it is refused; sets `is_omitted`.
static uint8_t *expect_member(const row_format *rows, const member_format *made, const sluice_member *member,
                              const sluice_rows *place, uint8_t *target, size_t *added, int *is_omitted) {
    char digits[32];
    *is_omitted = 0;
    if (member->type >= SLUICE_VALUE_RECORD) {
        unsigned long long value = member->type == SLUICE_VALUE_RECORD ? place->number
                                   : member->type == SLUICE_VALUE_LINE ? place->line
                                                                       : place->offset + place->start;
        if (member->type == SLUICE_VALUE_NONE) return target;
        int length = snprintf(digits, sizeof digits, "%llu", value);
        memcpy(target, digits, (size_t)length);
        return target + length;
    }
    uint32_t entry = place->field_ends[place->next + member->column];
    size_t start = member->column ? (place->field_ends[place->next + member->column - 1] >> SLUICE_END_SHIFT) + 1 : place->start;
    size_t quote = (entry & SLUICE_END_QUOTED) != 0, first = start + quote;
    size_t count = (entry >> SLUICE_END_SHIFT) - quote - ((entry & SLUICE_END_CRLF) != 0) - first;
    const uint8_t *value = place->bytes + first;
    int is_string = member->type <= SLUICE_VALUE_DATETIME;
    for (size_t i = 0; i < member->null_count; i++) {
        if (member->nulls[i].length != count || memcmp(member->nulls[i].text, value, count) != 0) continue;
        if (count == 0 && quote && member->keeps_quoted_empty) continue;
        if (member->is_required) return NULL;
        *is_omitted = count == 0 ? made->all.omits_empty : made->all.omits_null;
        if (*is_omitted) {
            *added -= member->text_added;
            return target;
        }
        if (is_string) {
            target -= made->all.quote_length;
            *added -= 2 * (made->all.quote_length - 1u);
        }
        memcpy(target, "null", 4);
        return target + 4;
    }
    if (member->type == SLUICE_VALUE_STRING) {
        target = expect_value(rows, place, start, entry, target, added);
    } else if (entry & SLUICE_END_DIRTY) {
        return NULL;
    } else if (member->type == SLUICE_VALUE_BOOLEAN) {
        for (size_t i = 0; i < WORDS; i++) {
            if (strlen(words[i]) != count || memcmp(words[i], value, count) != 0) continue;
            const char *word = i >= FALSE_WORDS ? "true" : "false";
            memcpy(target, word, strlen(word));
            return target + strlen(word);
        }
        return NULL;
    } else if (matches(member, value, count)) {
        memcpy(target, value, count);
        target += count;
    } else {
        return NULL;
    }
    if (!is_string) return target;
    memcpy(target, made->all.quote, made->all.quote_length);
    return target + made->all.quote_length;
}

// Writes the next row with plain loops. Returns NULL if the record has not one field for each column, or a value is refused.
static uint8_t *expect_members(const row_format *rows, const member_format *made, const sluice_rows *place, uint8_t *target,
                               size_t *added) {
    const sluice_members *all = &made->all;
    size_t width = rows->format.width, last = place->next + width - 1;
    uint8_t *row = target, unwritten[7 * LONGEST_INPUT + 200];
    int is_omitted;
    if (last >= place->complete_count) return NULL;
    for (size_t i = 0; i < width; i++) {
        if (((place->field_ends[place->next + i] & SLUICE_END_RECORD) != 0) != (i + 1 == width)) return NULL;
    }
    for (size_t i = 0; i < all->count; i++) {
        memcpy(target, made->keys[i].text, made->keys[i].length);
        uint8_t *next = expect_member(rows, made, &all->members[i], place, target + made->keys[i].length, added, &is_omitted);
        if (!next) return NULL;
        target = is_omitted ? target : next;
    }
    for (size_t i = 0; i < all->unwritten_count; i++) {
        size_t ignored = 0;
        if (!expect_member(rows, made, &all->unwritten[i], place, unwritten + 100, &ignored, &is_omitted)) return NULL;
    }
    if (all->omits_null | all->omits_empty) {
        if (target == row) target++;
        *row = '{';
    }
    memcpy(target, made->end, rows->format.end_length);
    *added += rows->format.least_added;
    return target + rows->format.end_length;
}

// Requires the kernel to write the records as plain loops do, and to stop before each that is irregular, which is then skipped.
static void write_members(const input *in, const answers *index, int is_nested) {
    size_t width = 1, complete = index->index.complete_count;
    while (width < complete && !(index->ends[width - 1] & SLUICE_END_RECORD)) width++;
    if (width > MOST_COLUMNS || !complete || in->count > LONGEST_INPUT) return;
    row_format *rows = row_format_of(in, width, is_nested);
    member_format *made = member_format_of(in, rows, width, in->bytes[0] + (unsigned)in->count);
    size_t most = rows->format.least * complete + 7 * in->count;
    uint8_t *readable = allocate(in->count + 32), *target = allocate(most + SLUICE_ROW_SLACK), *expected = allocate(most + 128);
    uint64_t *mask = allocate((in->count / 64 + 2) * sizeof *mask);
    uint32_t *ends = allocate(index->index.count * sizeof *ends);
    memcpy(readable, in->bytes, in->count);
    memcpy(mask, index->escape_mask, (in->count / 64 + 1) * sizeof *mask);
    memcpy(ends, index->ends, index->index.count * sizeof *ends);
    // clang-format off
    sluice_rows place = {.bytes = readable, .field_ends = ends, .escape_mask = mask, .complete_count = complete,
                         .limit = in->count, .offset = 1000, .number = 5, .line = 7, .output = target, .target = target,
                         .room = (ptrdiff_t)most, .most = SIZE_MAX};
    // clang-format on
    sluice_rows plain = place, checked = place;
    uint8_t *end = expected;
    while (plain.next < complete) {
        sluice_rows_stop stop = asked->write_members(&rows->format, &made->all, &place);
        uint8_t *next;
        size_t added = plain.added;
        while (plain.next < complete && (next = expect_members(rows, made, &plain, end, &added))) {
            size_t last = plain.next + width - 1, from = plain.start;
            end = next;
            plain.added = added;
            plain.start = (ends[last] >> SLUICE_END_SHIFT) + 1;
            plain.next = last + 1;
            plain.number++, plain.count++;
            size_t until = plain.start < in->count ? plain.start : in->count;
            int following = until < in->count ? readable[until] : -1;
            plain.line += asked->count_lines(readable + from, until - from, following, in->dialect);
            if (plain.start > in->count) plain.line++;
        }
        require(stop == (plain.next < complete ? SLUICE_ROWS_IRREGULAR : SLUICE_ROWS_DONE), "another stop of members");
        require(place.count == plain.count && place.next == plain.next && place.start == plain.start && place.line == plain.line,
                "a different number of rows of members");
        require(place.target == target + (end - expected) && memcmp(target, expected, (size_t)(end - expected)) == 0,
                "different rows of members");
        require(place.added == plain.added, "a different number of escapes in members");
        while (plain.next < complete && !(ends[plain.next] & SLUICE_END_RECORD)) plain.next++;
        if (plain.next < complete) plain.start = (ends[plain.next++] >> SLUICE_END_SHIFT) + 1;
        place.next = plain.next, place.start = plain.start;
    }
    // All values are checked, whether they are written or not.
    sluice_member *all = allocate(sizeof made->members);
    made->all.checked = all;
    for (size_t i = 0; i < made->all.count + made->all.unwritten_count; i++) {
        if (made->members[i].type < SLUICE_VALUE_RECORD) all[made->all.checked_count++] = made->members[i];
    }
    made->all.checked_unsure = put_unsure_first(all, made->all.checked_count);
    while (checked.next < complete) {
        asked->check_members(&rows->format, &made->all, &checked);
        while (checked.next < complete && !(ends[checked.next] & SLUICE_END_RECORD)) checked.next++;
        if (checked.next < complete) checked.start = (ends[checked.next++] >> SLUICE_END_SHIFT) + 1;
    }
    require(checked.count == plain.count, "a different number of checked rows");
    free(all), free(rows), free(made), free(readable), free(target), free(expected), free(mask), free(ends);
}
