"""Readers of the label files that people have.

The way through: ``convert.py`` chooses a reader by the path; each returns
``marked_labels.MarkedLabels``; what a person says (``read_options.py``) is
applied to all of them by ``choices.py``, ``image_paths.py`` and ``twins.py``;
``annotations.py`` writes what training reads, ``class_report.py`` tells it.

- Tables: ``table_reader.py``, ``table.py``, ``table_labels.py``; columns of
  marks in ``mark_*.py``, names in cells in ``tag_*.py``.
- JSON: ``json_forms.py`` tells the forms apart; ``json_records.py``,
  ``crops.py``, ``json_labels.py``, ``label_studio*.py``,
  ``fiftyone_labels.py`` and, for COCO and LVIS, ``coco_*.py``.
- Folders: ``folder_forms.py`` tells them apart; ``voc_*.py``, ``yolo_*.py``,
  ``files_of_images.py``.
- Parts for training, validation and test: ``stratified_split.py``.
- Labels of the images of a data set that others observed:
  ``observed_elsewhere.py``, ``observed_labels*.py``, ``guesses.py``,
  ``index_list.py``, ``label_matrix.py``, ``arrange.py``.
"""
