"""The page in a real browser, where one is installed."""

import csv
import json
import shutil

import pytest

from mmwsml.analysis.clean_up import read_answers

pytestmark = pytest.mark.slow
TABLE = '#run-1-suspect-table'
SCORES = '#run-1-classes-test'


@pytest.fixture(scope='module')
def chromium(tmp_path_factory):
    """Open a headless Chromium that saves into ``chromium.folder``."""
    webdriver = pytest.importorskip('selenium.webdriver')
    programs = [
        next(filter(None, map(shutil.which, names)), None)
        for names in (
            ('chromium', 'chromium-browser', 'google-chrome'),
            ('chromedriver', 'chromium.chromedriver'),
        )
    ]
    if None in programs:
        pytest.skip('needs apt-get install chromium chromium-driver')
    options = webdriver.ChromeOptions()
    options.binary_location = programs[0]
    for name in ('headless=new', 'no-sandbox', 'window-size=1280,900'):
        options.add_argument(f'--{name}')
    folder = tmp_path_factory.mktemp('saved')
    options.add_experimental_option(
        'prefs', {'download.default_directory': str(folder)}
    )
    logs = dict(browser='ALL', performance='ALL')
    options.set_capability('goog:loggingPrefs', logs)
    service = webdriver.ChromeService(executable_path=programs[1])
    browser = webdriver.Chrome(options=options, service=service)
    browser.folder = folder
    yield browser
    browser.quit()


@pytest.fixture
def page(chromium, page_of_two_runs):
    """Open the page anew."""
    chromium.get(page_of_two_runs.as_uri())
    chromium.get_log('browser')
    return chromium


def find(page, selector):
    return page.find_element('css selector', selector)


def find_all(page, selector):
    return page.find_elements('css selector', selector)


def count(page, table=TABLE):
    return find(page, f'{table} .count').text


def column(page, place, table=TABLE):
    return [
        cell.text for cell in find_all(page, f'{table} td:nth-child({place})')
    ]


def head(page, name, table=TABLE):
    (button,) = (
        button
        for button in find_all(page, f'{table} th button')
        if button.text == name
    )
    return button


def save(page, wait, table=TABLE):
    find(page, f'{table} [data-action=save]').click()
    wait(lambda: [*page.folder.glob('*.csv')])
    (path,) = page.folder.glob('*.csv')
    return path.rename(page.folder / 'saved.txt')


@pytest.fixture
def wait(page):
    """Return a function that waits until another returns what is true."""
    from selenium.webdriver.support.wait import WebDriverWait

    return lambda done: WebDriverWait(page, 60).until(lambda _: done())


def test_the_page_says_nothing_and_asks_for_nothing(page, page_of_two_runs):
    page.refresh()
    assert count(page, SCORES) == 'Lines 1 to 4 of 4'
    assert page.get_log('browser') == []
    messages = [
        json.loads(entry['message'])['message']
        for entry in page.get_log('performance')
    ]
    asked = {
        message['params']['request']['url'].partition('#')[0]
        for message in messages
        if message['method'] == 'Network.requestWillBeSent'
    }
    outside = {url for url in asked if not url.startswith('data:image/')}
    assert outside == {page_of_two_runs.as_uri()}


def test_a_script_in_a_class_name_is_text(page):
    shown = column(page, 1, SCORES)
    assert '<img src=x onerror="alert(1)">' in shown
    assert not find_all(page, 'img[src=x]')
    script = """return [...document.querySelectorAll('*')]
        .flatMap((element) => element.getAttributeNames())"""
    names = page.execute_script(script)
    assert names and not any(name.startswith('on') for name in names)


def test_a_head_sorts_by_mouse_and_by_keyboard(page):
    def scores():
        return [float(x) for x in column(page, 5)]

    button = head(page, 'score')
    button.click()
    falling = scores()
    assert falling == sorted(falling, reverse=True) and len(falling) > 9
    button.send_keys('\ue007')  # enter
    assert scores() == falling[::-1]
    cell = button.find_element('xpath', '..')
    assert cell.get_attribute('aria-sort') == 'ascending'
    head(page, 'class').click()
    names = column(page, 2)
    assert names == sorted(names, key=str.lower)
    assert cell.get_attribute('aria-sort') == 'none'


def test_filters_join_and_clear(page):
    everything = count(page)
    find(page, f'{TABLE}-filter-1').send_keys('cat')
    find(page, f'{TABLE}-filter-4').send_keys('0')
    assert set(column(page, 2)) == {'cat'}
    assert all(float(score) >= 0 for score in column(page, 5))
    assert '(of ' in count(page)
    find(page, f'{TABLE}-filter-2').send_keys('no such image')
    assert column(page, 2) == []
    assert count(page).startswith('No line of ')
    find(page, f'{TABLE} [data-action=clear]').click()
    assert count(page) == everything


def test_saved_answers_are_read_back(page, wait):
    fields = find_all(page, f'{TABLE} select[aria-label]')
    lines = find_all(page, f'{TABLE} tbody tr')
    for line in (0, 1, 3):
        fields[line].send_keys('no' if line else 'yes')
    expected = {}
    for line, word in ((0, True), (1, False), (3, False)):
        cells = lines[line].find_elements('css selector', 'td')
        expected[cells[2].text, cells[1].text] = word
    assert read_answers(save(page, wait)) == expected
    page.execute_script('localStorage.clear()')
    page.refresh()  # nothing unsaved is left to ask about


def test_keys_answer_and_a_reload_keeps_them(page):
    page.execute_script('localStorage.clear()')
    page.refresh()
    assert find(page, f'{TABLE} .answered').text == '0 of 36 answered'
    names = column(page, 2)
    for key in 'yn':
        page.switch_to.active_element.send_keys(key)
    question = find(page, f'{TABLE} .question').text
    assert question.startswith(f'3. {names[2]}: is it there?')
    assert find(page, f'{TABLE} .card img').get_attribute('src')
    page.refresh()
    fields = find_all(page, f'{TABLE} select[aria-label]')
    answers = [field.get_attribute('value') for field in fields[:3]]
    assert answers == ['yes', 'no', '']
    card = find(page, f'{TABLE} .card')
    card.send_keys('\ue012', 'u')  # left: back, and nobody knows
    assert find(page, f'{TABLE} .answered').text == '1 of 36 answered'
    page.execute_script('localStorage.clear()')
    page.refresh()


def test_the_file_holds_what_passes_the_filters_in_order(page, wait):
    head(page, 'mean loss').click()
    find(page, f'{TABLE}-filter-1').send_keys('cat')
    shown = column(page, 3)
    with open(save(page, wait), newline='', encoding='utf-8') as file:
        rows = list(csv.DictReader(file))
    assert [row['sample_id'] for row in rows] == shown
    assert {row['class'] for row in rows} == {'cat'}
    losses = [float(row['mean_loss']) for row in rows]
    assert losses == sorted(losses, reverse=True)


def test_the_keyboard_alone_reaches_every_table(page):
    script = 'return document.activeElement.closest("[id]")?.id'
    body, reached = find(page, 'body'), set()
    tables = {box.get_attribute('id') for box in find_all(page, '.data-table')}
    for _ in range(400):
        page.switch_to.active_element.send_keys('\ue004')  # tab
        here = page.execute_script(script)
        reached |= {name for name in tables if here and here.startswith(name)}
        if page.switch_to.active_element == body:
            break
    assert reached == tables


@pytest.mark.parametrize('scheme', ['light', 'dark'])
def test_a_narrow_window_scrolls_in_one_direction(page, scheme):
    media = dict(features=[dict(name='prefers-color-scheme', value=scheme)])
    page.execute_cdp_cmd('Emulation.setEmulatedMedia', media)
    size = dict(width=360, height=740, deviceScaleFactor=1, mobile=False)
    page.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', size)
    width = 'return document.documentElement.scrollWidth'
    assert page.execute_script(width) <= 360
    color = 'return getComputedStyle(document.body).{}.match(/\\d+/g)'
    text, ground = (
        sum(map(int, page.execute_script(color.format(name))[:3]))
        for name in ('color', 'backgroundColor')
    )
    assert (text > ground) == (scheme == 'dark')
    assert abs(text - ground) > 400
    page.execute_cdp_cmd('Emulation.clearDeviceMetricsOverride', {})
