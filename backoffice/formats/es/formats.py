"""Spanish without a country reads as Argentine Spanish."""

from backoffice.formats.es_AR.formats import (
    DATE_FORMAT as DATE_FORMAT,
)
from backoffice.formats.es_AR.formats import (
    DATE_INPUT_FORMATS as DATE_INPUT_FORMATS,
)
from backoffice.formats.es_AR.formats import (
    DATETIME_FORMAT as DATETIME_FORMAT,
)
from backoffice.formats.es_AR.formats import (
    DATETIME_INPUT_FORMATS as DATETIME_INPUT_FORMATS,
)
from backoffice.formats.es_AR.formats import (
    DECIMAL_SEPARATOR as DECIMAL_SEPARATOR,
)
from backoffice.formats.es_AR.formats import (
    FIRST_DAY_OF_WEEK as FIRST_DAY_OF_WEEK,
)
from backoffice.formats.es_AR.formats import (
    MONTH_DAY_FORMAT as MONTH_DAY_FORMAT,
)
from backoffice.formats.es_AR.formats import (
    NUMBER_GROUPING as NUMBER_GROUPING,
)
from backoffice.formats.es_AR.formats import (
    SHORT_DATE_FORMAT as SHORT_DATE_FORMAT,
)
from backoffice.formats.es_AR.formats import (
    SHORT_DATETIME_FORMAT as SHORT_DATETIME_FORMAT,
)
from backoffice.formats.es_AR.formats import (
    THOUSAND_SEPARATOR as THOUSAND_SEPARATOR,
)
from backoffice.formats.es_AR.formats import (
    TIME_FORMAT as TIME_FORMAT,
)
from backoffice.formats.es_AR.formats import (
    TIME_INPUT_FORMATS as TIME_INPUT_FORMATS,
)
from backoffice.formats.es_AR.formats import (
    YEAR_MONTH_FORMAT as YEAR_MONTH_FORMAT,
)
