#include "cost/fit_parts.h"

#include "cost/tables.h"

#include <math.h>

/* Weights take more room in GPU memory than on disk: activations and caches. Used only where the
 * GPU memory is not answered. */
#define VRAM_OVER_WEIGHTS 1.2
/* Kubernetes is built for at most 110 pods on a node; what a node is given where its machine states no number.
 * https://kubernetes.io/docs/setup/best-practices/cluster-large/ */
#define PODS_PER_NODE 110.0

static struct str size_text(struct arena *a, enum limit which, double size, double need)
{
    return which == LIMIT_MEMORY_GB ? fit_memory_text(a, size, need)
                                    : str_printf(a, "%.*s %s", STR_ARG(fit_count_text(a, size)), which == LIMIT_VCPU ? "vCPU" : "GB");
}

/* what: "of memory", with a blank before it; empty where the unit says it. */
static void check_limit(const struct platform *p, enum limit which, struct str part, double needed,
                        const char *what, struct verdict_list *v)
{
    double most = p->limit[which];
    if (isnan(most) || needed <= most * (1 + FIT_SLACK))
        return;
    if (p->limit_unverified[which])
        doubt_add(v, SAY(v, "needs %.*s%s; the limit of %.*s of %.*s is not attested by a stored page", STR_ARG(size_text(v->a, which, needed, needed)),
                        what, STR_ARG(size_text(v->a, which, most, needed)), STR_ARG(p->name)));
    else
        verdict_add(v, limit_word(which), part, most, needed,
                    SAY(v, "needs %.*s%s; %.*s has at most %.*s", STR_ARG(size_text(v->a, which, needed, needed)), what, STR_ARG(p->name),
                        STR_ARG(size_text(v->a, which, most, needed))));
}

static double round_up(double value, struct step_range r)
{
    if (!(r.max > 0))
        return value;
    if (value <= r.min)
        return r.min;
    double step = r.step > 0 ? r.step : 1e-6;
    return r.min + ceil((value - r.min) / step - FIT_SLACK) * step;
}

/* GPU memory that a request needs: answered, else from the weights. */
static double vram_needed(const struct part *p, const struct part_state *s)
{
    if (!p->needs_gpu)
        return 0;
    double vram = s->x[FIGURE_VRAM_GB];
    if (!(vram > 0) && !p->is_job)
        vram = s->x[FIGURE_SIZE_MB] * VRAM_OVER_WEIGHTS * 1e6 / (MIB_PER_GIB * MIB_PER_GIB * MIB_PER_GIB);
    return vram;
}

/* CPU without a GPU can be bought only where some meter counts it, or the platform sells functions. */
static bool sells_cpu(const struct platform *p)
{
    if (!p->machines || p->mb_per_vcpu > 0 || p->size_count > 0)
        return true;
    for (size_t i = 0; i < p->meter_count; i++)
        if ((p->meters[i].times == TIMES_VCPU || p->meters[i].times == TIMES_PHYSICAL_CORES) && p->meters[i].when != WHEN_GPU)
            return true;
    return false;
}

/*
 * Memory that comes with a GPU in an amount that no source states. Weights pass through it, so that a host has at least what its
 * GPUs have; beyond that nothing is known, which is no pass.
 */
static void check_unstated_memory(const struct platform *p, const struct machine *m, double memory_gib, struct verdict_list *v)
{
    bool sold = p->memory_mb.max > 0 || p->size_count > 0;
    for (size_t i = 0; i < p->meter_count; i++)
        sold = sold || p->meters[i].times == TIMES_MEMORY_GB || p->meters[i].times == TIMES_MEMORY_GIB;
    if (sold || m->gpus == 0 || m->memory_gib > 0 || memory_gib <= m->vram_gib * m->gpus * (1 + FIT_SLACK))
        return;
    doubt_add(v, SAY(v, "needs %.*s of memory; how much comes with the GPU on %.*s is not stated by any source", STR_ARG(fit_memory_text(v->a, memory_gib, memory_gib)),
                     STR_ARG(p->name)));
}

/* Smallest fraction of a GPU that holds the part, by MIG or time slicing, where sharing is wanted. */
static double gpu_share(const struct market *m, const struct workload *w, const struct machine *machine,
                        double vram, double gpus)
{
    if (!w->share_hardware || gpus > 1 || !(vram > 0))
        return gpus;
    const struct hardware *h = book_hardware(m->book, machine->gpu);
    if (!h)
        return gpus;
    for (size_t i = 0; i < h->share_count; i++)
        if (vram <= h->shares_gib[i] * (1 + FIT_SLACK))
            return h->shares_gib[i] / h->vram_gib;
    if (h->share_count == 0 && h->slices > 1) {
        double slices = fmin(floor(h->vram_gib / vram + FIT_SLACK), h->slices);
        if (slices > 1)
            return 1 / slices;
    }
    return gpus;
}

/* GKE keeps a falling share of memory and CPU for itself; EKS by pods; AKS is close to GKE. */
static double reserved_memory_gib(const struct platform *p, const struct machine *m)
{
    double gib = m->memory_gib;
    if (p->reserve == RESERVE_EKS) {
        double pods = m->allocatable_pods > 0 ? m->allocatable_pods : 58;
        return (255 + 11 * pods + 100) / MIB_PER_GIB;
    }
    double reserve = 0.25 * fmin(gib, 4) + 0.2 * fmin(fmax(gib - 4, 0), 4) + 0.1 * fmin(fmax(gib - 8, 0), 8) +
                     0.06 * fmin(fmax(gib - 16, 0), 112) + 0.02 * fmax(gib - 128, 0);
    return reserve + 100 / MIB_PER_GIB;
}

static double reserved_vcpu(const struct machine *m)
{
    double c = m->vcpu;
    return 0.06 * fmin(c, 1) + 0.01 * fmin(fmax(c - 1, 0), 1) + 0.005 * fmin(fmax(c - 2, 0), 2) + 0.0025 * fmax(c - 4, 0);
}

struct size machine_allocatable(const struct platform *p, const struct machine *m)
{
    struct size out = {m->allocatable_vcpu, m->allocatable_memory_gib};
    if (!(out.vcpu > 0))
        out.vcpu = m->vcpu - reserved_vcpu(m);
    if (!(out.memory_gib > 0))
        out.memory_gib = m->memory_gib - reserved_memory_gib(p, m);
    out.vcpu = fmax(out.vcpu - p->daemon.vcpu, 0);
    out.memory_gib = fmax(out.memory_gib - p->daemon.memory_gib, 0);
    return out;
}

static bool is_cluster(const struct platform *p)
{
    return p->scaling == SCALING_CLUSTER;
}

static struct size room_of(const struct platform *p, const struct machine *m)
{
    return is_cluster(p) ? machine_allocatable(p, m) : (struct size){m->vcpu, m->memory_gib};
}

/* One reason a limit: what the platform itself excludes is not told again of its machines or sizes. */
static void size_add(struct verdict_list *v, const char *limit, struct str part, double allowed, double needed, struct str text)
{
    for (size_t i = 0; i < v->count && v->a; i++)
        if (str_is(v->items[i].limit, limit) && str_equal(v->items[i].part, part))
            return;
    verdict_add(v, limit, part, allowed, needed, text);
}

enum room {
    ROOM_MEMORY,
    ROOM_VCPU,
    ROOM_GPUS,
    ROOM_CARD,     /* memory of one GPU */
    ROOM_ALL_CARDS /* of all its GPUs */
};

static double room_for(const struct platform *p, const struct machine *m, enum room what)
{
    switch (what) {
    case ROOM_MEMORY: return room_of(p, m).memory_gib;
    case ROOM_VCPU: return room_of(p, m).vcpu;
    case ROOM_GPUS: return m->gpus;
    case ROOM_CARD: return m->vram_gib;
    case ROOM_ALL_CARDS: return m->vram_gib * m->gpus;
    }
    return 0;
}

/* The machine that holds most of what is short, of those with a GPU or of those without: no other would do either
 * where it does not. */
static const struct machine *roomiest(const struct fit *fit, enum room what)
{
    const struct machine_set *set = fit->platform->machines;
    const struct machine *best = fit->machine;
    for (size_t i = 0; set && i < set->count; i++) {
        const struct machine *m = &set->machines[i];
        bool same_kind = (m->gpus > 0) == (fit->machine->gpus > 0) && str_equal(m->arch, fit->machine->arch);
        if (same_kind && room_for(fit->platform, m, what) > room_for(fit->platform, best, what))
            best = m;
    }
    return best;
}

/* `room`: what the fit's machine hands out. */
static void say_too_small(const struct fit *fit, double memory_gib, double vcpu, struct size room, struct verdict_list *v)
{
    bool memory = memory_gib > room.memory_gib * (1 + FIT_SLACK);
    if (!v->a) {
        verdict_add(v, memory ? "memory_gb" : "vcpu", fit->part->name, memory ? room.memory_gib : room.vcpu, memory ? memory_gib : vcpu, STR(""));
        return;
    }
    const struct platform *p = fit->platform;
    const struct machine *largest = roomiest(fit, ROOM_VCPU);
    /* Short of both: told is what no machine has. */
    if (memory && !(fit->gpus > 0) && vcpu > room_of(p, largest).vcpu * (1 + FIT_SLACK))
        memory = memory_gib > room_of(p, roomiest(fit, ROOM_MEMORY)).memory_gib * (1 + FIT_SLACK);
    const char *limit = memory ? "memory_gb" : "vcpu";
    double needed = memory ? memory_gib : vcpu;
    if (memory)
        largest = roomiest(fit, ROOM_MEMORY);
    struct size most = room_of(p, largest);
    bool none = needed > (memory ? most.memory_gib : most.vcpu) * (1 + FIT_SLACK);
    if (!none) { /* a larger one would hold it, and fails elsewhere */
        largest = fit->machine;
        most = room;
    }
    double given = memory ? most.memory_gib : most.vcpu;
    struct str need = memory ? fit_memory_text(v->a, memory_gib, memory_gib) : str_printf(v->a, "%.4g vCPU", vcpu);
    struct str gives = memory ? fit_memory_text(v->a, given, memory_gib) : str_printf(v->a, "%.4g vCPU", given);
    size_add(v, limit, fit->part->name, given, needed,
             none ? str_printf(v->a, "needs %.*s%s; the largest %s of %.*s in the price book, %.*s, hands out %.*s", STR_ARG(need),
                               memory ? " of memory" : "", is_cluster(p) ? "node" : "machine", STR_ARG(p->name), STR_ARG(largest->id), STR_ARG(gives))
                  : str_printf(v->a, "needs %.*s%s; a %s %.*s hands out %.*s", STR_ARG(need), memory ? " of memory" : "",
                               is_cluster(p) ? "node" : "machine", STR_ARG(largest->id), STR_ARG(gives)));
}

/* More GPUs than the fit's machine has: those that were asked for, or (`each` false) as many as hold the memory. */
static void say_gpus(const struct fit *fit, double gpus, double vram, bool each, struct verdict_list *v)
{
    const struct machine *machine = fit->machine;
    enum room what = each || gpus <= 1 ? ROOM_GPUS : ROOM_ALL_CARDS;
    const struct machine *best = v->a ? roomiest(fit, what) : machine;
    double most = room_for(fit->platform, best, what), needed = what == ROOM_GPUS ? gpus : vram;
    if (!v->a || needed <= most * (1 + FIT_SLACK))
        size_add(v, "gpus", fit->part->name, machine->gpus, gpus,
                 SAY(v, "needs %.0f GPUs at once; %.*s has %d", gpus, STR_ARG(machine->id), machine->gpus));
    else if (what == ROOM_GPUS)
        size_add(v, "gpus", fit->part->name, most, gpus,
                 SAY(v, "needs %.0f GPUs at once; the largest machine of %.*s in the price book, %.*s, has %.0f", gpus,
                     STR_ARG(fit->platform->name), STR_ARG(best->id), most));
    else
        size_add(v, "vram_gb", fit->part->name, most, vram,
                 SAY(v, "needs %.*s GB of GPU memory; the largest machine of %.*s in the price book, %.*s, has %.*s on %d GPU%s",
                     STR_ARG(fit_count_text(v->a, vram)), STR_ARG(fit->platform->name), STR_ARG(best->id), STR_ARG(fit_count_text(v->a, most)),
                     best->gpus, best->gpus > 1 ? "s" : ""));
}

/* More memory on a GPU than the fit's machine gives. */
static void say_card(const struct fit *fit, double vram, double given, bool several, struct verdict_list *v)
{
    const struct machine *best = v->a ? roomiest(fit, ROOM_CARD) : fit->machine;
    const char *on = several ? " on each GPU" : "";
    if (!v->a || vram <= best->vram_gib * (1 + FIT_SLACK))
        size_add(v, "vram_gb", fit->part->name, given, vram,
                 SAY(v, "needs %.4g GB of GPU memory%s; %.*s gives %.4g", vram, on, STR_ARG(fit->machine->id), given));
    else
        size_add(v, "vram_gb", fit->part->name, best->vram_gib, vram,
                 SAY(v, "needs %.*s GB of GPU memory%s; the largest GPU of %.*s in the price book, that of %.*s, has %.4g",
                     STR_ARG(fit_count_text(v->a, vram)), on, STR_ARG(fit->platform->name), STR_ARG(best->id), best->vram_gib));
}

/* A replica on a whole machine, which may hold several. */
static void fit_machine(const struct market *m, const struct workload *w, double memory_gib, double vcpu,
                        double vram, double gpus, struct fit *out, struct verdict_list *v)
{
    const struct machine *machine = out->machine;
    const struct part *p = out->part;
    if (p->needs_gpu || gpus > 0) {
        if (machine->gpus == 0) {
            size_add(v, "gpus", p->name, 0, gpus, SAY(v, "%.*s has no GPU", STR_ARG(machine->id)));
        } else {
            gpus = fmax(gpus, 1);
            /* vram_gb is one GPU's, where the number of GPUs was answered; else as many as hold it. */
            bool each = p->is_job || p->gpu_count_answered;
            if (!each && machine->vram_gib > 0)
                gpus = fmax(gpus, ceil(vram / machine->vram_gib - FIT_SLACK));
            if (gpus > machine->gpus)
                say_gpus(out, gpus, vram, each, v);
            double given = machine->vram_gib * (each ? 1 : gpus);
            if (vram > given * (1 + FIT_SLACK))
                say_card(out, vram, given, each && gpus > 1, v);
            gpus = gpu_share(m, w, machine, vram, gpus);
        }
    } else {
        gpus = 0;
        if (p->gpu_optional && machine->gpus > 0)
            gpus = 1;
        else if (machine->gpus > 0)
            verdict_add(v, "cpu", p->name, NOT_KNOWN, NOT_KNOWN,
                        SAY(v, "%.*s has no machine without a GPU that suits", STR_ARG(out->platform->name)));
    }
    out->gpus = gpus;
    out->per_machine = 1;
    if (machine->vcpu > 0) {
        struct size room = room_of(out->platform, machine);
        double fits = 1e9;
        if (vcpu > 0)
            fits = fmin(fits, floor(room.vcpu / vcpu + FIT_SLACK));
        if (memory_gib > 0)
            fits = fmin(fits, floor(room.memory_gib / memory_gib + FIT_SLACK));
        /* On a GPU machine the GPU is what is bought: a CPU request beyond an equal share is cut. */
        if (gpus > 0 && fits < 1 && memory_gib <= room.memory_gib * (1 + FIT_SLACK))
            fits = 1;
        if (gpus > 0)
            fits = fmin(fits, floor(machine->gpus / gpus + FIT_SLACK));
        if (is_cluster(out->platform))
            fits = fmin(fits, machine->allocatable_pods > 0 ? machine->allocatable_pods : PODS_PER_NODE);
        bool too_small = memory_gib > room.memory_gib * (1 + FIT_SLACK) || (!(gpus > 0) && vcpu > room.vcpu * (1 + FIT_SLACK));
        if (too_small) /* or it has too few GPUs, which was said */
            say_too_small(out, memory_gib, vcpu, room, v);
        fits = fmax(fits, 1);
        out->per_machine = fits;
        out->memory_gib = memory_gib;
        out->vcpu = vcpu;
    }
}

/* An instance cannot be cut larger than the platform sells it, whether or not a page attests its limit. */
static void check_largest(const struct platform *platform, struct str part, double memory_gib, struct verdict_list *v)
{
    double most = platform->memory_mb.max / MIB_PER_GIB;
    if (!(most > 0) || memory_gib <= most * (1 + FIT_SLACK))
        return;
    size_add(v, "memory_gb", part, most, memory_gib,
             SAY(v, "needs %.*s of memory; the largest instance of %.*s has %.*s", STR_ARG(fit_memory_text(v->a, memory_gib, memory_gib)),
                 STR_ARG(platform->name), STR_ARG(fit_memory_text(v->a, most, memory_gib))));
}

/* No size of a closed list has both. */
static void say_no_size(const struct platform *platform, struct str part, double memory_gib, double vcpu, struct verdict_list *v)
{
    struct size most = {0, 0};
    for (size_t i = 0; i < platform->size_count; i++) {
        most.vcpu = fmax(most.vcpu, platform->sizes[i].vcpu);
        most.memory_gib = fmax(most.memory_gib, platform->sizes[i].memory_gib);
    }
    bool memory = memory_gib > most.memory_gib * (1 + FIT_SLACK);
    size_add(v, memory ? "memory_gb" : "vcpu", part, memory ? most.memory_gib : most.vcpu, memory ? memory_gib : vcpu,
             SAY(v, "needs %.4g vCPU and %.*s; the largest size of %.*s is %.4g vCPU and %.*s", vcpu,
                 STR_ARG(fit_memory_text(v->a, memory_gib, memory_gib)), STR_ARG(platform->name), most.vcpu,
                 STR_ARG(fit_memory_text(v->a, most.memory_gib, memory_gib))));
}

static void fit_sizes(const struct part *p, double memory_gib, double vcpu, struct fit *out, struct verdict_list *v)
{
    const struct platform *platform = out->platform;
    bool wants_cpu = p->vcpu_answered || p->is_job;
    double wanted_gib = memory_gib;
    if (platform->size_count == 0)
        check_largest(platform, p->name, memory_gib, v);
    if (platform->size_count > 0) {
        const struct size *best = NULL;
        for (size_t i = 0; i < platform->size_count; i++) {
            const struct size *z = &platform->sizes[i];
            if (z->vcpu < vcpu * (1 - FIT_SLACK) || z->memory_gib < memory_gib * (1 - FIT_SLACK))
                continue;
            if (!best || z->vcpu < best->vcpu || (z->vcpu <= best->vcpu && z->memory_gib < best->memory_gib))
                best = z;
        }
        /* CPU that was only derived from the memory excludes no size: the most CPU beside that memory. */
        for (size_t i = 0; i < platform->size_count && !wants_cpu; i++) {
            const struct size *z = &platform->sizes[i];
            if (z->memory_gib < memory_gib * (1 - FIT_SLACK) || (best && best->vcpu >= vcpu * (1 - FIT_SLACK)))
                continue;
            if (!best || z->vcpu > best->vcpu || (z->vcpu >= best->vcpu && z->memory_gib < best->memory_gib))
                best = z;
        }
        if (best) {
            vcpu = best->vcpu;
            memory_gib = best->memory_gib;
        } else {
            say_no_size(platform, p->name, memory_gib, vcpu, v);
        }
    } else if (platform->mb_per_vcpu > 0) {
        double by_cpu = p->vcpu_answered || p->is_job ? vcpu * platform->mb_per_vcpu / MIB_PER_GIB : 0;
        if (by_cpu > memory_gib * (1 + FIT_SLACK)) {
            double capped = fmin(by_cpu, platform->memory_mb.max > 0 ? platform->memory_mb.max / MIB_PER_GIB : by_cpu);
            if (by_cpu > capped * (1 + FIT_SLACK) && isnan(platform->limit[LIMIT_VCPU]))
                doubt_add(v, SAY(v, "needs %.4g vCPU; with the most memory %.*s comes to %.3g, at 1 vCPU for each %.0f MB", vcpu,
                                 STR_ARG(platform->name), capped * MIB_PER_GIB / platform->mb_per_vcpu, platform->mb_per_vcpu));
            if (capped > memory_gib)
                note_add(v, SAY(v, "%.*s: %.4g GB of memory are bought because CPU comes with memory, and the model needs %.3g vCPU (1 vCPU for each %.0f MB)",
                                STR_ARG(platform->name), capped, vcpu, platform->mb_per_vcpu));
            memory_gib = fmax(memory_gib, capped);
        }
        memory_gib = round_up(memory_gib * MIB_PER_GIB, platform->memory_mb) / MIB_PER_GIB;
        vcpu = memory_gib * MIB_PER_GIB / platform->mb_per_vcpu;
    } else {
        if (p->needs_gpu) {
            vcpu = fmax(vcpu, platform->gpu_minimum.vcpu);
            memory_gib = fmax(memory_gib, platform->gpu_minimum.memory_gib);
        }
        if (!wants_cpu && platform->vcpu.max > 0)
            vcpu = fmin(vcpu, platform->vcpu.max);
        vcpu = round_up(vcpu, platform->vcpu);
        if (platform->gib_per_vcpu_min > 0)
            memory_gib = fmax(memory_gib, vcpu * platform->gib_per_vcpu_min);
        if (platform->gib_per_vcpu_max > 0 && memory_gib > vcpu * platform->gib_per_vcpu_max)
            vcpu = round_up(memory_gib / platform->gib_per_vcpu_max, platform->vcpu);
        memory_gib = round_up(memory_gib * MIB_PER_GIB, platform->memory_mb) / MIB_PER_GIB;
        bool beyond = platform->vcpu.max > 0 && vcpu > platform->vcpu.max * (1 + FIT_SLACK);
        double most_gib = platform->vcpu.max * platform->gib_per_vcpu_max;
        if (beyond && !wants_cpu && most_gib > 0) /* nobody asked for that CPU: the memory comes with it */
            size_add(v, "memory_gb", p->name, most_gib, wanted_gib,
                     SAY(v, "needs %.*s of memory; the largest instance of %.*s has %.*s, with %.4g vCPU", STR_ARG(fit_memory_text(v->a, wanted_gib, wanted_gib)),
                         STR_ARG(platform->name), STR_ARG(fit_memory_text(v->a, most_gib, wanted_gib)), platform->vcpu.max));
        else if (beyond)
            size_add(v, "vcpu", p->name, platform->vcpu.max, vcpu,
                     SAY(v, "needs %.4g vCPU; the largest instance of %.*s has %.4g", vcpu, STR_ARG(platform->name), platform->vcpu.max));
    }
    out->memory_gib = memory_gib;
    out->vcpu = vcpu;
}

double fit_load_s(const struct market *m, const struct part_state *s)
{
    double load_s = s->x[FIGURE_LOAD_S];
    return load_s > 0 ? load_s : s->x[FIGURE_SIZE_MB] / policy_number(m->policy, PARAMETER_LOAD_MB_PER_S);
}

/* Queued work: an item that nothing delays must be done by its deadline, the start of its instance included where none
 * is kept. */
static void check_deadline(const struct market *m, const struct part_state *s, const struct fit *fit, struct verdict_list *v)
{
    const struct platform *platform = fit->platform;
    double deadline_s = s->x[FIGURE_DEADLINE_H] * 3600, service_s = s->service_s * fit->ratio.time_likely;
    double start_s = fit_scales_to_zero(platform) ? platform->start_ms.likely / 1000 + fit_load_s(m, s) : 0;
    if (!(deadline_s > 0) || service_s + start_s <= deadline_s * (1 + FIT_SLACK))
        return;
    struct str start = start_s > 0 && v->a ? str_printf(v->a, " after a start of %.*s", STR_ARG(fit_seconds_text(v->a, start_s))) : STR("");
    verdict_add(v, "deadline_h", fit->part->name, deadline_s / 3600, (service_s + start_s) / 3600,
                SAY(v, "an item takes %.*s%.*s; it is due in %.*s", STR_ARG(fit_seconds_text(v->a, service_s)), STR_ARG(start),
                    STR_ARG(fit_seconds_text(v->a, deadline_s))));
}

bool fit_size(const struct market *m, const struct workload *w, const struct part *p,
              const struct part_state *s, const struct platform *platform,
              const struct machine *machine, struct fit *out, struct verdict_list *v)
{
    size_t before = v->count;
    *out = (struct fit){.part = p, .platform = platform, .machine = machine, .per_machine = 1};
    double memory_gib = s->x[FIGURE_MEMORY_MB] / MIB_PER_GIB;
    double vcpu = s->x[FIGURE_VCPU];
    double vram = vram_needed(p, s);
    double gpus = 0;
    if (p->needs_gpu)
        gpus = fmax(p->is_job ? s->x[FIGURE_JOB_COUNT] : s->x[FIGURE_GPU_COUNT], 1);

    /* The hardware that the part meets here, and its speed. */
    struct str hardware = machine && machine->gpus > 0 && machine->gpu.n ? machine->gpu : STR("cpu");
    if (p->needs_gpu && str_is(hardware, "cpu") && isnan(platform->limit[LIMIT_GPUS]) && !machine)
        hardware = p->hardware;
    if (!p->needs_gpu && !p->gpu_optional && !str_is(hardware, "cpu"))
        hardware = STR("cpu");

    check_limit(platform, LIMIT_MEMORY_GB, p->name, memory_gib, " of memory", v);
    check_limit(platform, LIMIT_VCPU, p->name, p->vcpu_answered || p->is_job ? vcpu : 0, "", v);
    if (p->needs_gpu) {
        double most = platform->limit[LIMIT_GPUS];
        if (!isnan(most) && gpus > most) {
            if (most < 1)
                verdict_add(v, "gpus", p->name, 0, gpus,
                            SAY(v, "needs a GPU; %.*s has none", STR_ARG(platform->name)));
            else
                verdict_add(v, "gpus", p->name, most, gpus,
                            SAY(v, "needs %.0f GPUs at once; %.*s gives an instance at most %.0f", gpus,
                                STR_ARG(platform->name), most));
        }
        if (isnan(most) || most >= 1)
            check_limit(platform, LIMIT_VRAM_GB, p->name, vram * (most >= 1 ? fmin(gpus, most) : gpus), " of GPU memory", v);
    }
    out->image_mb = s->x[FIGURE_SIZE_MB] + policy_number(m->policy, PARAMETER_IMAGE_OVERHEAD_MB);
    if (!p->is_job)
        check_limit(platform, LIMIT_IMAGE_GB, p->name, out->image_mb / 1000, " of container image", v);

    out->memory_gib = memory_gib;
    out->vcpu = vcpu;
    if (machine) {
        fit_machine(m, w, memory_gib, vcpu, vram, gpus, out, v);
        check_unstated_memory(platform, machine, memory_gib, v);
        if (!(machine->vcpu > 0))
            fit_sizes(p, memory_gib, vcpu, out, v);
    } else {
        out->gpus = gpus;
        out->not_sold = !p->needs_gpu && !sells_cpu(platform);
        if (out->not_sold)
            verdict_add(v, "cpu", p->name, NOT_KNOWN, NOT_KNOWN,
                        SAY(v, "%.*s sells no instance without a GPU in the price book", STR_ARG(platform->name)));
        fit_sizes(p, memory_gib, vcpu, out, v);
    }

    if (p->is_job && !str_equal(hardware, p->hardware) && str_is(p->hardware, "cpu"))
        hardware = p->hardware;
    out->ratio = tables_ratio(m->tables, m->book, p->family, p->hardware, vcpu, hardware, out->vcpu);
    /* Throughput was measured serving, not training: a training run is compared on its own chip only. */
    if (p->is_job && p->job_kind == JOB_TRAINING && !out->ratio.is_stated) {
        struct str chip, other, rest;
        str_cut(p->hardware, '-', &chip, &rest);
        str_cut(hardware, '-', &other, &rest);
        out->ratio.known = str_equal(chip, other);
        out->ratio.time_low = out->ratio.time_likely = out->ratio.time_high = 1;
        out->ratio.by_family = false;
        if (out->ratio.known)
            out->ratio.is_stated = true;
    }
    if (!out->ratio.known) {
        bool none = p->needs_gpu && str_is(hardware, "cpu");
        if (!none)
            verdict_add(v, "not-comparable", p->name, NOT_KNOWN, NOT_KNOWN,
                        SAY(v, "no measurement relates %.*s to %.*s: not comparable", STR_ARG(p->hardware), STR_ARG(hardware)));
        out->ratio.time_low = out->ratio.time_likely = out->ratio.time_high = 1;
    } else if (!out->ratio.is_stated) {
        note_add(v, SAY(v, "%.*s: service time on %.*s derived as %.3g times that on %.*s, %s", STR_ARG(p->name),
                        STR_ARG(hardware), out->ratio.time_likely, STR_ARG(p->hardware),
                        out->ratio.by_family ? "from measured throughput of the model's family"
                                             : "from the median of measured throughput over all families"));
    }
    if (!p->is_job && !p->is_online)
        check_deadline(m, s, out, v);
    double k = s->x[FIGURE_CONCURRENCY] > 0 ? s->x[FIGURE_CONCURRENCY] : 1;
    if (platform->concurrency_max > 0)
        k = fmin(k, platform->concurrency_max);
    out->concurrency = fmax(floor(k + FIT_SLACK), 1);
    return v->count == before;
}
