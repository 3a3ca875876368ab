#include "latency/root.h"

#include <math.h>
#include <stdbool.h>

double root_find(root_function *f, void *context, double low, double high, double relative)
{
    double a = high, b = low, c, fa = f(a, context), fb = f(b, context), fc;
    if ((fa > 0.0) == (fb > 0.0))
        return fabs(fa) < fabs(fb) ? a : b;
    double step = 0.5; /* share of the way from a to b that the next point lies at */
    for (int i = 0; i < 200; i++) {
        double x = a + step * (b - a);
        double fx = f(x, context);
        if ((fx > 0.0) == (fa > 0.0)) {
            c = a;
            fc = fa;
        } else {
            c = b;
            fc = fb;
            b = a;
            fb = fa;
        }
        a = x;
        fa = fx;
        double best = fabs(fa) < fabs(fb) ? a : b;
        double tolerance = relative * fabs(best) + 1e-300;
        double limit = tolerance / fmax(fabs(b - a), 1e-300);
        if (limit > 0.5 || !(fabs(fa) > 0.0))
            return best;
        double xi = (a - b) / (c - b), phi = (fa - fb) / (fc - fb);
        bool smooth = phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi;
        step = 0.5;
        if (smooth)
            step = fa / (fb - fa) * fc / (fb - fc) +
                   (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb);
        step = fmin(1.0 - limit, fmax(limit, step));
    }
    return fabs(fa) < fabs(fb) ? a : b;
}
