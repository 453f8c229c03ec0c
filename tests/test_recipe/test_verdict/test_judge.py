import json

from mmwsml.recipe.verdict import judge


def test_the_verdict_is_kept_as_json(judged):
    verdict = judge(judged)
    content = json.loads(judged.verdict.read_text(encoding='utf-8'))
    assert content['lines'] == list(verdict.lines)
    assert content['severity'] == 'note' and content['version'] == 1
    assert content['measure']['name'] == 'mAP'
    assert content['missing']['stop'] == verdict.missing.stop
    assert verdict.lines[-1] == f'Next: {content["next_step"]}.'


def test_a_class_without_enough_labels_is_named_with_the_reason(judged):
    path = judged.labels('val')
    content = json.loads(path.read_text(encoding='utf-8'))
    for entry in content['data_list']:
        entry['gt_label'] = [k for k in entry['gt_label'] if k != 2]
    path.write_text(json.dumps(content), encoding='utf-8')
    text = '\n'.join(judge(judged).lines)
    assert '1 of 3 classes cannot be judged on val: c (no positives)' in text
